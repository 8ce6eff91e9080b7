//! Products with their modules and versions.

use crate::{
    domain::{
        error::Result,
        ids::ProductId,
        product::{Module, Product, Version},
    },
    store::{ReadTx, products},
};

/// A product with its modules and versions.
#[derive(Debug, Clone)]
pub struct View {
    /// The product.
    pub product: Product,
    /// Its modules.
    pub modules: Vec<Module>,
    /// Its versions, newest release first.
    pub versions: Vec<Version>,
}

/// Completes products.
///
/// # Errors
/// Of the database.
pub fn complete(tx: &mut ReadTx<'_>, found: Vec<Product>) -> Result<Vec<View>> {
    let ids: Vec<ProductId> = found.iter().map(|product| product.rules.id).collect();
    let modules = products::modules(tx, &ids)?;
    let versions = products::versions(tx, &ids)?;
    Ok(found
        .into_iter()
        .map(|product| {
            let id = product.rules.id;
            View {
                modules: modules
                    .iter()
                    .filter(|(of, _)| *of == id)
                    .map(|(_, module)| module.clone())
                    .collect(),
                versions: versions
                    .iter()
                    .filter(|(of, _)| *of == id)
                    .map(|(_, version)| version.clone())
                    .collect(),
                product,
            }
        })
        .collect())
}

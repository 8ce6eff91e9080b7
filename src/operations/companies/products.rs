//! The products that a company may sell, with all below it.

use crate::{
    domain::{
        access::{Permit, right::EditNode},
        audit::{Event, EventKind},
        company::{Node, NodeKind},
        error::{Error, Fault, Result, expect_revision},
        ids::{NodeId, ProductId},
        scope::Scope,
    },
    operations::App,
    store::{
        Done, ReadTx, Visible, nodes,
        products::{self, Brief},
    },
};
use std::collections::BTreeSet;

/// What a company may be given to sell, and what was chosen for it.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The company.
    pub node: Visible<Node>,
    /// What the companies above it sell, archived products aside.
    pub products: Vec<Brief>,
    /// What was chosen; nothing where it sells all of them.
    pub chosen: BTreeSet<ProductId>,
}

/// Reads it.
///
/// # Errors
/// [`Error::NotFound`].
pub fn offered(tx: &mut ReadTx<'_>, scope: Scope, id: NodeId) -> Result<Offered> {
    let node = nodes::get(tx, scope, id)?;
    let mut products = products::brief_above(tx, &node)?;
    products.retain(|product| product.is_offered && !product.is_archived);
    let chosen = products::chosen(tx, &node)?;
    Ok(Offered {
        node,
        products,
        chosen,
    })
}

/// Chooses what a company may sell, or lets it sell all that is sold above it. What stands in what it may sell but cannot
/// be chosen now, because nobody above sells it any more, stays: it is not sold, and is again once they sell it.
///
/// # Errors
/// [`Error::NotFound`] for an agent, and for products that are not sold above; [`Error::Forbidden`] for one's own company;
/// [`Error::Stale`]; [`Error::Invalid`] at `prodotti` for none.
pub async fn choose(
    app: &App,
    permit: Permit<EditNode>,
    id: NodeId,
    revision: Option<i32>,
    wanted: Option<BTreeSet<ProductId>>,
) -> Result<()> {
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let node = nodes::get(tx, actor.scope(), id)?;
            if node.kind == NodeKind::Agent {
                return Err(Error::NotFound);
            }
            if actor.node() == Some(id) {
                return Err(Error::Forbidden);
            }
            expect_revision(node.revision, revision)?;
            let all = products::brief_above(tx, &node)?;
            let was = products::chosen(tx, &node)?;
            let shown: BTreeSet<ProductId> = all
                .iter()
                .filter(|product| product.is_offered && !product.is_archived)
                .map(|product| product.id)
                .collect();
            let now = match &wanted {
                None => BTreeSet::new(),
                Some(wanted) if wanted.is_empty() => return Err(Error::field("prodotti", Fault::Missing)),
                Some(wanted) if !wanted.is_subset(&shown) => return Err(Error::NotFound),
                Some(wanted) => was.difference(&shown).chain(wanted).copied().collect(),
            };
            if now == was {
                return Ok(Done::Unchanged(()));
            }
            let codes = |ids: &BTreeSet<ProductId>| -> Option<Vec<String>> {
                let named = all.iter().filter(|product| ids.contains(&product.id));
                let codes: Vec<String> = named.map(|product| product.code.clone()).collect();
                (!codes.is_empty()).then_some(codes)
            };
            products::choose(tx, &node, &now)?;
            // The node's revision is that of what it sells, too.
            nodes::update(tx, &node, &node)?;
            let event =
                Event::node(EventKind::NodeChanged, id).changed("prodotti", &codes(&was), &codes(&now));
            Ok(Done::changed((), event))
        })
        .await
}

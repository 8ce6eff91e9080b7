//! Which licences an address says were chosen: those that were ticked, or all that a list shows.

use super::asked::{self, Asked, FILTERS};
use crate::{
    domain::{
        error::{Error, Result},
        ids::LicenseId,
    },
    operations::{App, licenses::bulk::Chosen},
    web::input::Query,
};
use rocket::{
    Request,
    request::{self, FromRequest},
};
use std::collections::BTreeSet;

/// What an address says was chosen.
pub(crate) struct Selection {
    pub(super) query: Query,
    ids: Vec<String>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Selection {
    type Error = std::convert::Infallible;
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        let ids = request
            .uri()
            .query()
            .into_iter()
            .flat_map(|query| query.segments());
        let ids = ids.filter(|(name, value)| *name == "id" && !value.is_empty());
        let ids = ids.map(|(_, value)| value.to_owned()).collect();
        Query::from_request(request)
            .await
            .map(|query| Self { query, ids })
    }
}

impl Selection {
    fn is_all(&self) -> bool {
        self.query.get("tutte").is_some()
    }

    /// Those that were ticked; none where nothing was.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an identifier that is none.
    pub(super) fn ticked(&self) -> Result<Option<BTreeSet<LicenseId>>> {
        let ids: Option<BTreeSet<_>> = self.ids.iter().map(|id| id.parse().ok()).collect();
        let ids = ids.ok_or(Error::NotFound)?;
        Ok((!ids.is_empty()).then_some(ids))
    }

    /// Which licences; none where nothing was chosen.
    pub(super) fn read(&self, app: &App) -> Result<Option<Chosen>> {
        if self.is_all() {
            let wanted = Asked::read(app, &self.query)?.wanted;
            return Ok(Some(Chosen::All {
                filter: Box::new(wanted.filter),
                product: wanted.product,
                today: wanted.today,
            }));
        }
        Ok(self.ticked()?.map(Chosen::These))
    }

    /// The address that says the same.
    pub(super) fn address(&self, path: &str) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        if self.is_all() {
            pairs.append_pair("tutte", "si");
            for name in FILTERS {
                pairs.extend_pairs(self.query.get(name).map(|value| (name, value)));
            }
        } else {
            pairs.extend_pairs(self.ids.iter().map(|id| ("id", id)));
        }
        format!("{path}?{}", pairs.finish())
    }

    /// The list that it was chosen from.
    pub(super) fn list(&self) -> String {
        asked::address("/licenze", &self.query, &[])
    }
}

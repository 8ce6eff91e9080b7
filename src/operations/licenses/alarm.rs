//! What staff are told of refused devices. A refusal is answered first: whatever arrives, one licence is looked at a few
//! times an hour, and told of once a day, or once for each device.

use crate::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind, Owner, Subject},
        calendar,
        error::{Refusal, Result},
        notice::NoticeKind,
    },
    operations::{App, messages::tell},
    store::{
        Done,
        log::{ActivationEntry, KeyKind, LicenseSnapshot, Operation},
        notices,
    },
};

/// Sees to it that staff are told, where they are to be: beside the answer, which does not wait for it.
pub(super) fn raise(app: &App, refusal: Refusal, entry: &ActivationEntry) {
    let kind = match (refusal, entry.operation, entry.key_kind) {
        (Refusal::DevicesExhausted, Operation::Activate, _) => NoticeKind::DeviceLimit,
        // Its computer key is a copy of one that was given back.
        (Refusal::DeviceNotActive, Operation::Validate, KeyKind::Computer) => NoticeKind::DeviceReturned,
        _ => return,
    };
    let (Some(license), Some(device)) = (entry.license, entry.device.clone()) else {
        return;
    };
    let about = match kind {
        NoticeKind::DeviceReturned => device.as_str(),
        _ => "",
    };
    if app.limits.alarm(&license.license.0, about).is_err() {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = told(&app, kind, license, device).await {
            tracing::warn!(license = %license.license, %kind, %error, "staff were not told of a refused device");
        }
    });
}

async fn told(app: &App, kind: NoticeKind, license: LicenseSnapshot, device: String) -> Result<()> {
    let (now, zone, id) = (app.clock.now(), app.zone, license.license);
    let mark = app
        .db
        .lookup(move |tx| {
            let mark = match kind {
                NoticeKind::DeviceReturned => {
                    notices::released_place(tx, id, &device)?.map(|id| id.to_string())
                }
                _ => Some(calendar::today(now, zone).to_string()),
            };
            Ok(match mark {
                Some(mark) if !notices::was_told(tx, kind, id.0, &mark)? => Some(mark),
                _ => None,
            })
        })
        .await?;
    let Some(mark) = mark else { return Ok(()) };
    let app_ = app.clone();
    app.db
        .operation(&Actor::system(), now, move |tx| {
            if !notices::first_time(tx, kind, id.0, &mark)? {
                return Ok(Done::Unchanged(()));
            }
            let whose = (license.company, license.agent, license.customer);
            tell::device(&app_, tx, kind, id, whose)?;
            let event = match kind {
                NoticeKind::DeviceReturned => EventKind::DeviceReturned,
                _ => EventKind::DevicesExhausted,
            };
            let subject = Subject {
                kind: "licenza",
                id: id.0,
            };
            let owner = Owner {
                company: license.company,
                agent: license.agent,
                customer: license.customer,
            };
            Ok(Done::changed((), Event::new(event, subject, owner)))
        })
        .await
}

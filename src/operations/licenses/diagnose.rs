//! Why a licence does not activate: the checks of `attiva`, each by itself, without taking a place.

use crate::{
    domain::{
        error::{Refusal, Result},
        license::{
            Binding, LicenseKind,
            admission::{Ask, Case, Taking, Working},
        },
        product::Rules,
    },
    operations::App,
    store::{
        ReadTx,
        activations::{self, Found},
    },
};

/// One check, and what it would be refused with.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The check: a word of [`Working`] or [`Taking`], `prova`, `utenti`.
    pub check: &'static str,
    /// Why it does not hold, where it does not.
    pub refusal: Option<Refusal>,
}

/// All checks for one device.
#[derive(Debug, Clone)]
pub struct Diagnosis {
    /// The device that was asked about.
    pub device: Option<String>,
    /// Whether it holds a place already.
    pub holds_place: bool,
    /// The checks that apply, in the order in which `attiva` makes them.
    pub steps: Vec<Step>,
}

impl Diagnosis {
    /// What the device would be refused with: the first that does not hold.
    pub fn verdict(&self) -> Option<Refusal> {
        self.steps.iter().find_map(|step| step.refusal)
    }
}

/// Asks every check about a licence, as it was read with the place of `device` in it. The client's version is asked
/// about where it is given; a named user is taken for a new one.
///
/// # Errors
/// Of the database.
pub fn diagnose(
    app: &App,
    tx: &mut ReadTx<'_>,
    found: &Found,
    rules: &Rules,
    device: Option<&str>,
    version: Option<&str>,
) -> Result<Diagnosis> {
    let license = &found.license;
    let version_released_on = match (version, license.maintenance_until) {
        (Some(version), Some(_)) => activations::version_released_on(tx, license.product_id, version)?,
        _ => None,
    };
    let case = Case {
        license,
        rules,
        customer: found.standing.as_ref(),
        now: app.clock.now(),
        zone: app.zone,
    };
    let ask = Ask {
        product: None,
        version_released_on,
    };
    let mut steps: Vec<Step> = Working::ALL
        .iter()
        .filter(|check| match check {
            Working::Product => false,
            Working::Version => version.is_some(),
            Working::Waiting => case.pending_until().is_some(),
            _ => true,
        })
        .map(|check| Step {
            check: check.code(),
            refusal: case.passes(*check, &ask).err(),
        })
        .collect();
    let holds_place = found.place.is_some();
    // A device that holds a place is given it again; and what does not work at all has no places to give.
    if !holds_place && steps.iter().all(|step| step.refusal.is_none()) {
        let on_the_list = match device {
            Some(device) if license.reserved => activations::is_on_the_list(tx, license, device)?,
            _ => !license.reserved || device.is_none(),
        };
        let taking = Taking::ALL.iter().filter(|check| match check {
            Taking::NotFloating => license.binding == Binding::Floating,
            Taking::Listed => license.reserved && device.is_some(),
            Taking::Room => case.device_limit().is_some(),
        });
        steps.extend(taking.map(|check| Step {
            check: check.code(),
            refusal: case.admits(*check, on_the_list).err(),
        }));
        if let (LicenseKind::Trial, Some(device)) = (license.kind, device) {
            let held = activations::trial_holder(tx, license, device)?;
            steps.push(Step {
                check: "prova",
                refusal: held
                    .filter(|other| *other != license.id)
                    .map(|_| Refusal::TrialUsed),
            });
        }
        if license.binding == Binding::User {
            steps.push(Step {
                check: "utenti",
                refusal: case.admits_user().err(),
            });
        }
    }
    Ok(Diagnosis {
        device: device.map(str::to_owned),
        holds_place,
        steps,
    })
}

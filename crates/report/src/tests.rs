//! Every format over one hand-made evaluation, and over any name.

use crate::sample::{context, evaluation};
use crate::{Format, Report, render, sample};

mod baseline;
mod diff;
mod explain;
mod foreign;
mod frameworks;
mod golden;
mod hostile;
pub(crate) mod schema;

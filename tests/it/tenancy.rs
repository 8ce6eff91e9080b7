//! Who sees and touches what: every route, asked by everybody, about things of everybody.
//!
//! `table` is the matrix as people read it, `people` the callers and where things stand, `matrix` runs it. `canary`
//! looks for foreign words in answers.

mod canary;
mod dump;
mod matrix;
pub mod people;
pub mod table;

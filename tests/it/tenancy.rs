//! Who sees and touches what: every route, asked by everybody, about things of everybody.
//!
//! `table` is the matrix as people read it, `people` the callers and where things stand, `matrix` runs it. `canary`
//! looks for foreign words in answers, `fields` for ids and fields that no test knows, `trees`
//! compares lists with a model on random trees.

mod canary;
mod dump;
mod fields;
mod matrix;
pub mod people;
pub mod table;
mod trees;

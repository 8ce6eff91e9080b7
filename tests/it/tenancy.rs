//! Who sees and touches what: every route, asked by everybody, about things of everybody.
//!
//! `table` is the matrix as people read it, `people` the callers and where things stand, `matrix` runs it. `canary`
//! looks for foreign words in the answers of a `town`. `fields` holds that every id of a request stands in the matrix,
//! `mass` that fields which are not the request's to set have no effect. `trees` compares the lists of a `forest`
//! with a `model`.

mod canary;
mod canary_pages;
mod dump;
mod fields;
mod forest;
mod mass;
mod matrix;
mod model;
mod pages;
pub mod people;
pub mod table;
mod town;
mod trees;

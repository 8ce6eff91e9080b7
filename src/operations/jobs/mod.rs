//! What happens to what runs by the clock.

pub mod ask;

//! write (being built)

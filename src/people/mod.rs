//! People as their addresses tell of them: the syntax of an address, the name in it.

mod doubt;
mod email;
mod name;

pub use self::doubt::doubt;
pub use self::email::{EmailError, is_email, parse_email, trim_invisible};
pub use self::name::{name_from_email, title_case};

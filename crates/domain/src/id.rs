//! Typed identifiers. They are UUIDv7 values minted by the engine; this module only names and parses them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
    )*};
}

ids! {
    /// A submitted annotation.
    AnnotationId;
    /// A lot of labeled items.
    BatchId;
    /// One person's hold on one slot of an item.
    ClaimId;
    /// One thing that happened.
    EventId;
    /// An export job.
    ExportId;
    /// An import job.
    ImportId;
    /// A reviewer's pass over a batch.
    InspectionId;
    /// One unit of data.
    ItemId;
    /// A labeling firm, base or school.
    OrganizationId;
    /// An account.
    PersonId;
    /// A labeling job.
    ProjectId;
    /// A team within an organization.
    TeamId;
    /// A bearer token of a program.
    TokenId;
}

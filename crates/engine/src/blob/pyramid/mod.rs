//! Pyramids: large images cut into tiles, from every pixel up to a level that fits into one tile.
//!
//! A pyramid is made once, while its image is taken in, and in the same pass that proves the file whole. It reads rows
//! ([`rows`]) and holds a band of a tile's height of each level ([`cut`]); the tiles go into one packed file ([`pack`]) beside
//! the original: one object to write, to move and to have or not have, in a folder as in a bucket, where thousands of small
//! ones would each cost a request. What it never does: change the original, or make a tile while somebody waits for it.

pub(crate) mod cut;
pub(crate) mod pack;
pub(crate) mod rows;
pub(crate) mod window;

use super::fault::Fault;
use crate::error::Error;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Why a pyramid was not made.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The picture is at fault.
    Fault(Fault),
    /// We are, or the disk.
    Broken(Error),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Trouble::Fault(fault)
    }
}

/// Of what is written; what is read goes through [`read_fault`].
impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Trouble::Broken(error.into())
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Broken(error)
    }
}

/// An error while reading a picture: the disk's, or a file that ends too early, or what is in it.
pub(crate) fn read_fault(error: io::Error) -> Trouble {
    if error.raw_os_error().is_some() {
        Trouble::Broken(error.into())
    } else if error.kind() == io::ErrorKind::UnexpectedEof {
        Trouble::Fault(Fault::Truncated)
    } else {
        Trouble::Fault(Fault::Damaged)
    }
}

impl From<png::DecodingError> for Trouble {
    fn from(error: png::DecodingError) -> Self {
        match error {
            png::DecodingError::IoError(error) => read_fault(error),
            png::DecodingError::Format(_) | png::DecodingError::Parameter(_) | png::DecodingError::LimitsExceeded => {
                Trouble::Fault(Fault::Damaged)
            }
        }
    }
}

impl From<tiff::TiffError> for Trouble {
    fn from(error: tiff::TiffError) -> Self {
        match error {
            tiff::TiffError::IoError(error) => read_fault(error),
            tiff::TiffError::UnsupportedError(_) => Trouble::Fault(Fault::Unsupported),
            tiff::TiffError::FormatError(_)
            | tiff::TiffError::LimitsExceeded
            | tiff::TiffError::IntSizeError
            | tiff::TiffError::UsageError(_) => Trouble::Fault(Fault::Damaged),
        }
    }
}

/// Stops work on another thread when it is dropped: nobody waits for it any more.
#[derive(Debug, Default)]
pub(crate) struct Wanted(Arc<AtomicBool>);

/// The other side of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Wanted {
    /// What the work looks at.
    pub(crate) fn stop(&self) -> Stop {
        Stop(Arc::clone(&self.0))
    }
}

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Stop {
    /// An error once the work is in vain.
    pub(crate) fn check(&self) -> Result<(), Trouble> {
        if self.0.load(Ordering::Relaxed) {
            return Err(Trouble::Broken(anyhow::anyhow!("nobody waits for this image any more").into()));
        }
        Ok(())
    }
}

//! A small file system of a test's own, to be filled to the last byte.

use std::{fs::File, io::Write, path::Path, path::PathBuf, process::Command};
use tempfile::TempDir;

/// A tmpfs, mounted for the test.
pub(crate) struct Disk {
    point: TempDir,
}

impl Disk {
    /// # Panics
    /// Where nothing may be mounted: a test never passes by not running.
    pub(crate) fn new(mebibytes: u32) -> Self {
        let point = TempDir::new().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o"])
            .arg(format!("size={mebibytes}m,mode=0700"))
            .arg("tmpfs")
            .arg(point.path())
            .output()
            .unwrap();
        assert!(
            mounted.status.success(),
            "this test fills a file system of its own, and may not mount one: run it as root, or by `unshare --user \
             --map-root-user --mount` where users may have namespaces. {}",
            String::from_utf8_lossy(&mounted.stderr)
        );
        Self { point }
    }

    pub(crate) fn path(&self) -> &Path {
        self.point.path()
    }

    fn filler(&self) -> PathBuf {
        self.path().join("filler")
    }

    /// Leaves no byte free.
    pub(crate) fn fill(&self) {
        let mut filler = File::options()
            .create(true)
            .append(true)
            .open(self.filler())
            .unwrap();
        let mut part = vec![0xa5; 1 << 20];
        while !part.is_empty() {
            if let Err(error) = filler.write_all(&part) {
                assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
                part.truncate(part.len() / 2);
            }
        }
    }

    /// Gives the room back.
    pub(crate) fn free(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whatever is still open in it keeps it until it is closed.
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.point.path())
            .status();
    }
}

//! What is embedded is read anew when it changes, also where a file comes or goes.

fn main() {
    for folder in ["templates", "static", "src/i18n", "migrations"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}

//! Folders of manifests as teams keep them: nested, or rendered by kustomize.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{Input, SourceError, input::read_file};

/// Endings of the files that are read.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// Names of the file that makes a folder one to be rendered by kustomize.
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The name of the file that makes a folder a Helm chart.
const CHART: &str = "Chart.yaml";

/// The most folders within each other, so that no tree is walked for ever.
const DEEPEST: usize = 32;

/// Reads the manifests in a folder and in those below it, in the order of their paths.
///
/// A folder with a kustomization is what `kubectl kustomize` makes of it. Folders whose name
/// begins with a dot are passed over, and links to folders are not followed.
pub(super) fn read(folder: &Path) -> Result<Vec<Input>, SourceError> {
    let mut inputs = Vec::new();
    walk(folder, 0, &mut inputs)?;
    if inputs.is_empty() {
        return Err(SourceError::EmptyFolder { name: folder.display().to_string() });
    }
    Ok(inputs)
}

fn walk(folder: &Path, depth: usize, inputs: &mut Vec<Input>) -> Result<(), SourceError> {
    let name = || folder.display().to_string();
    if depth > DEEPEST {
        return Err(SourceError::TooDeep { name: name() });
    }
    if KUSTOMIZATIONS.iter().any(|file| folder.join(file).is_file()) {
        inputs.push(render(folder)?);
        return Ok(());
    }
    if folder.join(CHART).is_file() {
        return Err(SourceError::Chart { name: name() });
    }
    for path in entries(folder)? {
        let is_link = path.is_symlink();
        if path.is_dir() {
            let hidden =
                path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
            if !hidden && !is_link {
                walk(&path, depth + 1, inputs)?;
            }
        } else if path.is_file() && has_known_ending(&path) {
            inputs.push(read_file(&path)?);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let unreadable = |error| SourceError::Unreadable { name: folder.display().to_string(), error };
    let mut entries = fs::read_dir(folder)
        .map_err(unreadable)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(unreadable)?;
    entries.sort();
    Ok(entries)
}

fn has_known_ending(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ENDINGS.contains(&ending))
}

/// The manifests that the user's own kubectl makes of a kustomization.
fn render(folder: &Path) -> Result<Input, SourceError> {
    let name = folder.display().to_string();
    let failed = |reason: String| SourceError::Kustomize { name: name.clone(), reason };
    let output = Command::new("kubectl")
        .arg("kustomize")
        .arg(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(format!("kubectl cannot be run: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(failed(said.trim().trim_start_matches("error: ").to_owned()));
    }
    let text = String::from_utf8(output.stdout)
        .map_err(|_| SourceError::NotText { name: name.clone() })?;
    Ok(Input { name, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, files: &[(&str, &str)]) {
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let inputs = read(folder).unwrap();
        let relative = |input: Input| {
            Path::new(&input.name).strip_prefix(folder).unwrap().display().to_string()
        };
        inputs.into_iter().map(relative).collect()
    }

    #[test]
    fn folders_within_folders_are_read_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            ("tax/deployment.yaml", "a: 1"),
            ("cart/base/deployment.yml", "a: 1"),
            ("cart/README.md", "no manifest"),
            (".github/workflows/ci.yaml", "on: push"),
            ("z.json", "{}"),
        ];
        write(folder.path(), &files);
        assert_eq!(
            names(folder.path()),
            ["cart/base/deployment.yml", "tax/deployment.yaml", "z.json"]
        );
    }

    #[test]
    fn a_chart_says_how_it_is_rendered() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("shop/Chart.yaml", "name: shop"), ("shop/values.yaml", "a: 1")]);
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("helm template"), "{error}");
    }

    #[test]
    fn a_folder_without_manifests_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read(folder.path()), Err(SourceError::EmptyFolder { .. })));
    }
}

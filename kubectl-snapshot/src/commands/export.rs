//! `export`: a set in the form that another deployer takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use snapshot_core::{
    document,
    export::{Mapping, component, manifests, narrowed, values},
    manifest::PlaceMarks,
    parts::Document,
    pin::Pin,
    reference::Reference,
};

use super::{deploying::pin, exit::Exit, part_args::PartArgs, session::Session};
use crate::{
    app::{
        Failure,
        export::{Asked, Exported, exported},
        resolve::resolve,
    },
    commands::complete,
    render::{json_text, yaml_text},
    sources::{read_document, read_plan},
};

/// Print a snapshot in the form that another deployer takes
///
/// Whoever deploys by a commit (Argo CD, Flux, Helm, kustomize) brings the very same set: what runs then is captured as the
/// same snapshot. Variables are the place's: they take the values of --variables, else they stay as the
/// deployer has them.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # A component for kustomize: its images, and patches for environment and ConfigMaps
  kubectl snapshot export rel-42 -o kustomize --variables prod > rel-42/kustomization.yaml

  # Values for a Helm chart, by a file that says which value is what
  kubectl snapshot export rel-42 -o helm-values --mapping mapping.yaml > values-rel-42.yaml

  # The objects that a plan changes alone, as a commit for another deployer
  kubectl snapshot apply rel-42 -n prod --plan-out plan.json
  kubectl snapshot export --plan plan.json -o kustomize

  # All manifests, as apply would create them
  kubectl snapshot export rel-42 -o manifests --variables prod | kubectl apply -f -

  # The document, to keep in Git
  kubectl snapshot export rel-42 > rel-42.json")]
pub(super) struct ExportArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", required_unless_present = "plan", add = complete::reference())]
    reference: Option<Reference>,
    /// Export the objects alone that a plan creates or changes, as its snapshot has them
    #[arg(long, value_name = "FILE", add = complete::file())]
    plan: Option<PathBuf>,
    /// The form
    #[arg(
        short = 'o',
        long = "output",
        value_name = "FORM",
        value_enum,
        default_value = "document"
    )]
    form: Form,
    /// Which container is which value, for helm-values
    #[arg(long, value_name = "FILE", add = complete::file())]
    mapping: Option<PathBuf>,
    /// The variable set to take values from
    #[arg(long, value_name = "SET", add = complete::variable_set())]
    variables: Option<String>,
    /// Images with the digests that the set knows (auto, always), or by their tags (never)
    #[arg(long, value_name = "WHICH", value_parser = pin())]
    pin: Option<Pin>,
    #[command(flatten)]
    part: PartArgs,
}

/// Form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// The snapshot document
    Document,
    /// A kustomize component
    Kustomize,
    /// Values of a Helm chart
    HelmValues,
    /// Kubernetes manifests
    Manifests,
}

/// Prints the set.
pub(super) async fn run(args: ExportArgs, session: &Session) -> Result<Exit, Failure> {
    if args.mapping.is_some() != (args.form == Form::HelmValues) {
        let text = "--mapping goes with -o helm-values, and that needs one";
        return Err(Failure::usage(text));
    }
    let plan = match &args.plan {
        Some(file) => Some(read_plan(file).await.map_err(Failure::of)?),
        None => None,
    };
    let of_plan = || plan.as_ref().map(|plan| Reference::Digest(plan.snapshot.digest.to_string()));
    let Some(reference) = args.reference.clone().or_else(of_plan) else {
        return Err(Failure::usage("name a snapshot, or a plan with --plan"));
    };
    if args.form == Form::Document {
        if plan.is_some() {
            let text = "the document is of the whole snapshot: choose another form with -o";
            return Err(Failure::usage(text));
        }
        return whole(&args, &reference, session).await;
    }
    let variables = plan.as_ref().and_then(|plan| plan.variables.as_deref());
    let variables = args.variables.as_deref().or(variables);
    let pin = args.pin.or(plan.as_ref().map(|plan| plan.pin)).unwrap_or_default();
    let asked = Asked { reference: &reference, part: args.part.part.as_ref(), variables };
    let Exported { set, chosen, options, planned } =
        exported(&session.app, asked, plan.as_ref()).await?;
    for (kind, name) in planned.iter().flat_map(|planned| &planned.removed) {
        session.ui.warning(&format!("the plan removes {kind} {name}, which no export says"));
    }
    let narrow = planned.map(|planned| narrowed(&set.spec, &planned.written));
    let spec = narrow.as_ref().unwrap_or(&set.spec);
    let text = match args.form {
        Form::Document => String::new(),
        Form::Kustomize => {
            let component = component(spec, &chosen, pin);
            if !component.left_open.is_empty() {
                let names: Vec<&str> = component.left_open.iter().map(String::as_str).collect();
                let text = format!("{} stay as the manifests have them", names.join(", "));
                session.ui.status(&text);
            }
            kustomization(&component.images, &component.patches)?
        }
        Form::HelmValues => {
            let mapping = mapping(&args).await?;
            // What the mapping names has to be there, whatever a plan writes of it.
            let all = values(&set.spec, &mapping, &chosen, pin).map_err(Failure::of)?;
            let values = match &narrow {
                None => all,
                Some(narrow) => {
                    values(narrow, &mapping.within(narrow), &chosen, pin).map_err(Failure::of)?
                }
            };
            for name in &values.unmapped {
                session.ui.warning(&format!("no value has the image of {name}"));
            }
            yaml_text(&values.values)?
        }
        Form::Manifests => {
            let marks = PlaceMarks::of(&options.variables);
            let (manifests, notes) = manifests(spec, &chosen, pin, &marks)?;
            for note in &notes {
                session.ui.warning(note);
            }
            let texts: Result<Vec<String>, _> = manifests.iter().map(yaml_text).collect();
            texts?.join("---\n")
        }
    };
    session.print(|out| Ok(out.write_all(text.as_bytes())?))?;
    Ok(Exit::Done)
}

/// Prints the document, of one namespace or of several.
async fn whole(
    args: &ExportArgs,
    reference: &Reference,
    session: &Session,
) -> Result<Exit, Failure> {
    if args.variables.is_some() {
        return Err(Failure::usage("the document has no values of variables"));
    }
    for found in args.part.of(resolve(&session.app, &[reference]).await?)? {
        let document: &Document = &found.document;
        let text = json_text(&document::to_value(document))?;
        session.print(|out| Ok(out.write_all(text.as_bytes())?))?;
    }
    Ok(Exit::Done)
}

/// The file of a component, each patch a text in it.
fn kustomization(images: &[Value], patches: &[Value]) -> Result<String, Failure> {
    let texts: Result<Vec<Value>, Failure> =
        patches.iter().map(|patch| Ok(json!({"patch": yaml_text(patch)?}))).collect();
    Ok(yaml_text(&json!({
        "apiVersion": "kustomize.config.k8s.io/v1alpha1",
        "kind": "Component",
        "images": images,
        "patches": texts?,
    }))?)
}

/// The mapping in a file.
async fn mapping(args: &ExportArgs) -> Result<Mapping, Failure> {
    let Some(file) = &args.mapping else { return Ok(Mapping::default()) };
    let value = read_document(file).await?;
    serde_json::from_value(value).map_err(|error| {
        Failure::new(format!("{}: {error}", file.display())).hint(
            "it looks like: containers: {tax/tax: {tag: tax.image.tag, env: {MODE: tax.mode}}}",
        )
    })
}

//! The target of a deployment: its namespaces, the stage that it is, and its variables.

use std::collections::BTreeMap;

use snapshot_core::{
    cluster_namespace::ClusterNamespace,
    ladder::Ladder,
    parts::{Document, NamespacesError, PartName, PartNameError, PartNamespaces},
    pin::Pin,
    plan::KeptPlan,
    snapshot::Snapshot,
    stage::Stage,
    variable::{self, Variable},
};

use crate::{
    app::{
        App, AppError, Connections, Failure, FailureKind,
        read::{ReadOptions, variable_sets},
        resolved::ResolvedDocument,
    },
    cluster::Cluster,
    store::{BrokenStage, Store, VariableSet},
};

/// A place that a set is deployed to.
pub struct Target {
    /// The namespaces, by alias: one, or one for each part.
    pub parts: Vec<TargetPart>,
    /// Label of the sets that run there: `live:prod`.
    pub label: String,
    /// The stage that it is, if it is one.
    pub stage: Option<Stage>,
    /// True if the stage says which namespaces these are; false if they are named.
    is_of_stage: bool,
    /// Name of the variable set that the values are of.
    pub variables: Option<String>,
    /// The values chosen for variables.
    pub chosen: BTreeMap<String, String>,
    /// Options of reading what runs there.
    pub options: ReadOptions,
    /// True where nothing is written, and what its own deployer brings is waited for.
    pub is_awaited: bool,
    /// The reasons why nobody knows whose place it is, or what stands there: sentences.
    pub doubts: Vec<String>,
}

/// A place as the flags name it. What they leave open is that of a kept plan, if there is one.
#[derive(Clone, Copy, Default)]
pub struct Named<'a> {
    /// The variable set.
    pub variables: Option<&'a str>,
    /// The namespace of each part.
    pub places: Option<&'a PartNamespaces>,
    /// The plan.
    pub planned: Option<&'a KeptPlan>,
}

impl Named<'_> {
    /// Namespaces of the plan, by alias. Contexts are called differently by everybody, and told
    /// apart where the parts lie in several clusters alone.
    fn planned_places(self) -> Result<Vec<(Option<PartName>, ClusterNamespace)>, Failure> {
        let parts = self.planned.map(|planned| planned.parts.as_slice()).unwrap_or_default();
        let is_one_cluster = parts.iter().all(|one| one.server == parts[0].server);
        let at = |context: Option<&String>, namespace: &str| ClusterNamespace {
            context: context.filter(|_| !is_one_cluster).cloned(),
            namespace: namespace.to_owned(),
        };
        let named = parts.iter().map(|one| {
            // Names of unknown origin go into no path of a request unseen.
            one.target.namespace.parse::<PartName>()?;
            Ok((one.part.clone(), at(one.target.context.as_ref(), &one.target.namespace)))
        });
        let named: Result<_, PartNameError> = named.collect();
        named.map_err(|error| Failure::usage(format!("the plan's namespace: {error}")))
    }
}

/// One namespace of a place.
pub struct TargetPart {
    /// The part's alias; none where the place has one namespace.
    pub part: Option<PartName>,
    /// Cluster, meaning that namespace.
    pub cluster: Cluster,
}

impl TargetPart {
    /// Context and namespace.
    pub fn namespace(&self) -> ClusterNamespace {
        ClusterNamespace::new(self.cluster.context(), self.cluster.namespace())
    }

    /// True if the namespace is a stage's; a stage's context may be another name of the cluster.
    fn is_of(&self, stage: &Stage) -> bool {
        stage.is_at(|context| self.is_at(context), self.cluster.namespace())
    }

    /// True if nobody here knows whether the namespace is a stage's: the kubeconfig does not have
    /// the context that the stage names.
    fn may_be_of(&self, stage: &Stage) -> bool {
        let may_be = |context: &str| self.cluster.is_context(context).is_none();
        !self.is_of(stage) && stage.is_at(may_be, self.cluster.namespace())
    }

    /// True if the namespace may be that of a stage which cannot be read.
    fn may_be(&self, stage: &BrokenStage) -> bool {
        stage.names(self.cluster.namespace())
    }

    fn is_at(&self, context: &str) -> bool {
        self.cluster.is_context(context) == Some(true)
    }

    /// Label of what runs there: `live:prod`.
    pub fn label(&self) -> String {
        format!("live:{}", self.cluster.namespace())
    }
}

impl Target {
    /// The namespaces that the flags mean, or those that are given for parts.
    pub async fn of_flags(
        app: &App,
        store: &Store,
        field_manager: &str,
        named: Named<'_>,
    ) -> Result<Self, Failure> {
        let connections = &app.connections;
        let places = named.places;
        let mut parts = match (places, connections.several()) {
            (Some(places), _) => {
                let named = places.iter().map(|(part, at)| (Some(part.clone()), at.clone()));
                connect(connections, field_manager, named).await?
            }
            (None, []) if named.planned.is_some() && connections.named_namespaces().is_empty() => {
                connect(connections, field_manager, named.planned_places()?.into_iter()).await?
            }
            (None, []) => {
                let cluster = connections.cluster_to_write(field_manager, None).await?;
                vec![TargetPart { part: None, cluster }]
            }
            (None, several) => {
                let mut named = BTreeMap::new();
                for name in several {
                    let part: PartName =
                        name.parse().map_err(|error| Failure::usage(format!("{error}")))?;
                    let at = ClusterNamespace { context: None, namespace: name.clone() };
                    if named.insert(part, at).is_some() {
                        let text = format!("the namespace {name} is named twice");
                        return Err(Failure::usage(text));
                    }
                }
                let named = named.into_iter().map(|(part, at)| (Some(part), at));
                connect(connections, field_manager, named).await?
            }
        };
        let all = store.stages().await?;
        warn_of_unknown(app, &parts, &all.readable);
        let ladder = all.ladder();
        let (own, others): (Vec<_>, Vec<_>) =
            all.broken.into_iter().partition(|stage| parts.iter().any(|one| one.may_be(stage)));
        for stage in others.into_iter().filter(BrokenStage::is_nowhere) {
            app.observer.failure("this may be its place", &stage.error.into());
        }
        let mut doubts: Vec<String> =
            own.into_iter().map(|stage| Failure::from(stage.error).message).collect();
        let stages = all.readable.into_iter();
        let is_here = |stage: &Stage| parts.iter().any(|one| one.is_of(stage));
        let mut stages: Vec<Stage> = stages.filter(is_here).collect();
        if stages.len() > 1 {
            let stages = stages.into_iter().map(|stage| stage.name).collect();
            return Err(AppError::SeveralStages { stages }.into());
        }
        if let (None, Some(stage)) = (places, stages.first()) {
            call_as_at(&mut parts, stage);
        }
        let fault = stages.first().and_then(|stage| ladder.fault_of(&stage.name));
        doubts.extend(fault.map(ToString::to_string));
        let variables = (named.variables, named.planned.and_then(|one| one.variables.as_deref()));
        let target = Self::new(app, store, parts, stages.pop(), variables).await?;
        Ok(Self { is_of_stage: false, doubts, ..target })
    }

    /// The namespaces of a stage of a ladder.
    pub async fn of_stage(
        app: &App,
        store: &Store,
        field_manager: &str,
        (ladder, stage): (&Ladder, Stage),
    ) -> Result<Self, Failure> {
        let named = stage.namespaces.iter().map(|(part, at)| (part.cloned(), at.clone()));
        let parts = connect(&app.connections, field_manager, named).await?;
        let others = ladder.stages().iter().filter(|other| other.name != stage.name);
        let rivals = others.filter(|other| parts.iter().any(|one| one.is_of(other)));
        let rival = |other: &Stage| {
            format!("a namespace of stage {} is stage {}'s, too", stage.name, other.name)
        };
        let fault = ladder.fault_of(&stage.name).map(ToString::to_string);
        let doubts = fault.into_iter().chain(rivals.map(rival)).collect();
        let target = Self::new(app, store, parts, Some(stage), (None, None)).await?;
        Ok(Self { doubts, ..target })
    }

    async fn new(
        app: &App,
        store: &Store,
        parts: Vec<TargetPart>,
        stage: Option<Stage>,
        (variables, planned): (Option<&str>, Option<&str>),
    ) -> Result<Self, Failure> {
        let sets = variable_sets(app, store).await?;
        let own = stage.as_ref().and_then(|stage| stage.variables.as_ref()).map(AsRef::as_ref);
        let variables = variables.or(own).or(planned).map(str::to_owned);
        let chosen = match &variables {
            None => BTreeMap::new(),
            Some(name) => values_of(name, &sets)?,
        };
        let options = ReadOptions {
            variables: sets.into_iter().flat_map(|set| set.values.into_keys()).collect(),
            ..ReadOptions::default()
        };
        let names: Vec<&str> = parts.iter().map(|one| one.cluster.namespace()).collect();
        let label = format!("live:{}", names.join(","));
        let is_of_stage = stage.is_some();
        let doubts = Vec::new();
        let is_awaited = false;
        Ok(Self {
            parts,
            label,
            stage,
            is_of_stage,
            variables,
            chosen,
            options,
            is_awaited,
            doubts,
        })
    }

    /// Takes labels and annotations that a set calls the place's for that, though no variable
    /// set names them any more.
    pub fn heed(&mut self, document: &Document) {
        let variables = document.sets().flat_map(|(_, set)| set.metadata.variables.keys());
        let marks = variables
            .filter(|name| !matches!(Variable::of(name), Variable::Environment(_)))
            .filter(|name| variable::name_fault(name).is_none());
        self.options.variables.extend(marks.cloned());
    }

    /// The images that are written with their digests: what is asked for, else what the stage
    /// has, else what is planned.
    pub fn pin(&self, asked: Option<Pin>, planned: Option<Pin>) -> Pin {
        let of_stage = self.stage.as_ref().and_then(|stage| stage.pin);
        asked.or(of_stage).or(planned).unwrap_or_default()
    }

    /// The set that each namespace is to run, in their order; none where the whole lacks the part.
    ///
    /// # Errors
    /// A part has no namespace here, or it cannot be told which of them is meant.
    pub fn sets<'a>(
        &self,
        found: &'a ResolvedDocument,
    ) -> Result<Vec<Option<&'a Snapshot>>, Failure> {
        let label = found.label.clone();
        let stage = || {
            let stage = self.stage.as_ref().filter(|_| self.is_of_stage)?;
            Some(stage.name.clone())
        };
        let aliases: Vec<PartName> = self.parts.iter().filter_map(|one| one.part.clone()).collect();
        match (&found.document, aliases.is_empty()) {
            (Document::One(set), true) => Ok(vec![Some(set)]),
            (Document::One(_), false) => {
                let namespaces = self.parts.iter().map(|one| one.cluster.namespace().to_owned());
                Err(stage()
                    .map_or_else(
                        || AppError::SeveralNamespaces { namespaces: namespaces.collect() },
                        |stage| AppError::OneForParts { label, stage, parts: aliases },
                    )
                    .into())
            }
            (Document::Several(set), true) => {
                let parts = set.parts.names().cloned().collect();
                Err(AppError::PartsForOne { label, parts, stage: stage() }.into())
            }
            (Document::Several(set), false) => {
                let missing: Vec<PartName> =
                    set.parts.names().filter(|part| !aliases.contains(part)).cloned().collect();
                if !missing.is_empty() {
                    let stage = stage();
                    return Err(
                        AppError::NoNamespace { label, missing, known: aliases, stage }.into()
                    );
                }
                Ok(aliases.iter().map(|part| set.parts.get(part)).collect())
            }
        }
    }
}

/// Says which stages' namespaces these may be: neither their values nor their policies count.
fn warn_of_unknown(app: &App, parts: &[TargetPart], stages: &[Stage]) {
    for stage in stages.iter().filter(|stage| parts.iter().any(|one| one.may_be_of(stage))) {
        let (name, at) = (&stage.name, &stage.namespaces);
        app.observer.warning(&format!(
            "this may be the place of stage {name}, {at}, whose context the kubeconfig does not \
             have; neither its variables are taken nor its promotion policies asked"
        ));
    }
}

/// Calls namespaces as the stage does, where they are exactly its own.
fn call_as_at(parts: &mut [TargetPart], stage: &Stage) {
    let part =
        |one: &TargetPart| stage.part_at(|it| one.is_at(it), one.cluster.namespace()).cloned();
    let called: Option<Vec<PartName>> = parts.iter().map(part).collect();
    let Some(called) =
        called.filter(|called| called.len() > 1 && called.len() == stage.namespaces.iter().count())
    else {
        return;
    };
    for (one, part) in parts.iter_mut().zip(called) {
        one.part = Some(part);
    }
    parts.sort_by(|a, b| a.part.cmp(&b.part));
}

/// Connects to each namespace; those of one context share a connection.
async fn connect(
    connections: &Connections,
    field_manager: &str,
    namespaces: impl Iterator<Item = (Option<PartName>, ClusterNamespace)>,
) -> Result<Vec<TargetPart>, Failure> {
    let mut known: BTreeMap<Option<String>, Cluster> = BTreeMap::new();
    let mut parts = Vec::new();
    for (part, at) in namespaces {
        let cluster = if let Some(cluster) = known.get(&at.context) {
            cluster.in_namespace(&at.namespace)
        } else {
            let cluster = connections.cluster_to_write(field_manager, Some(&at)).await?;
            known.insert(at.context, cluster.clone());
            cluster
        };
        let one = TargetPart { part, cluster };
        // What has no context is in that which is meant, and may be named with it as well.
        if parts.iter().any(|other: &TargetPart| other.namespace() == one.namespace()) {
            let error = NamespacesError::TwoParts(one.namespace());
            return Err(Failure::of(error).with_kind(FailureKind::Usage));
        }
        parts.push(one);
    }
    Ok(parts)
}

/// The values of a variable set.
fn values_of(name: &str, sets: &[VariableSet]) -> Result<BTreeMap<String, String>, Failure> {
    let chosen = sets.iter().find(|set| set.name.as_ref() == name);
    chosen.map(|set| set.values.clone()).ok_or_else(|| {
        let known = sets.iter().map(|set| set.name.to_string()).collect();
        AppError::NoVariableSet { set: name.to_owned(), known }.into()
    })
}

//! Variable sets as plain ConfigMaps, which kubectl can edit as well.

use std::collections::BTreeMap;

use super::{
    ConfigMaps,
    list::Page,
    object::{ConfigMap, Part, set_name, variables_name},
};
use crate::{
    cluster::ClusterError,
    domain::name::SetName,
    store::{StoreError, variables::VariableSet},
};

impl ConfigMaps {
    /// Every variable set, by name.
    pub(in crate::store) async fn variable_sets(&self) -> Result<Vec<VariableSet>, StoreError> {
        let first = Self::query(Part::Variables);
        let mut sets = Vec::new();
        let mut next = Some(first.clone());
        while let Some(query) = next {
            let text = self.cluster.list(&self.cluster.core_path("configmaps"), &query).await?;
            let (page, more) = Page::<ConfigMap>::read(&text, &first)?;
            sets.extend(page.items.into_iter().flatten().filter_map(|object| {
                set_name(object.name()).map(|name| VariableSet { name, values: object.data })
            }));
            next = more;
        }
        sets.sort_by(|a: &VariableSet, b| a.name.cmp(&b.name));
        Ok(sets)
    }

    /// One variable set.
    pub(in crate::store) async fn variable_set(
        &self,
        set: &SetName,
    ) -> Result<VariableSet, StoreError> {
        match self.get(&variables_name(set)).await? {
            Some(object) => Ok(VariableSet { name: set.clone(), values: object.data }),
            None => Err(self.no_set(set).await?),
        }
    }

    /// Gives variables their values, in a new set or one that is there.
    pub(in crate::store) async fn put_variables(
        &self,
        set: &SetName,
        values: &BTreeMap<String, String>,
    ) -> Result<VariableSet, StoreError> {
        let mut object = match self.get(&variables_name(set)).await? {
            Some(object) => object,
            None => match self.create_set(set, values).await {
                // Somebody made it in the meantime: add to theirs.
                Err(StoreError::Cluster(ClusterError::AlreadyExists { .. })) => {
                    self.get(&variables_name(set)).await?.unwrap_or_default()
                }
                other => return other,
            },
        };
        object.data.extend(values.clone());
        self.replace_set(set, object).await
    }

    /// Takes variables out of a set.
    pub(in crate::store) async fn remove_variables(
        &self,
        set: &SetName,
        names: &[String],
    ) -> Result<VariableSet, StoreError> {
        let Some(mut object) = self.get(&variables_name(set)).await? else {
            return Err(self.no_set(set).await?);
        };
        let mut found = VariableSet { name: set.clone(), values: std::mem::take(&mut object.data) };
        found.remove(names)?;
        object.data = found.values;
        self.replace_set(set, object).await
    }

    /// Deletes a set.
    pub(in crate::store) async fn delete_variables(&self, set: &SetName) -> Result<(), StoreError> {
        if self.remove(&variables_name(set)).await? {
            Ok(())
        } else {
            Err(self.no_set(set).await?)
        }
    }

    async fn create_set(
        &self,
        set: &SetName,
        values: &BTreeMap<String, String>,
    ) -> Result<VariableSet, StoreError> {
        let mut object = ConfigMap::new(variables_name(set), Part::Variables);
        object.data = values.clone();
        self.create(&object).await?;
        Ok(VariableSet { name: set.clone(), values: object.data })
    }

    async fn replace_set(
        &self,
        set: &SetName,
        object: ConfigMap,
    ) -> Result<VariableSet, StoreError> {
        self.replace(&object, format!("variable set {set}")).await?;
        Ok(VariableSet { name: set.clone(), values: object.data })
    }

    async fn no_set(&self, set: &SetName) -> Result<StoreError, StoreError> {
        Ok(VariableSet::not_found(set, &self.variable_sets().await?, &self.place()))
    }
}

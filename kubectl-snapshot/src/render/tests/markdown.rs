//! Comments for a merge request.

use super::{assert_text, machine, story};

#[test]
fn a_diff() {
    assert_text(
        &machine("markdown", &story::from_42_to_43()),
        r#"
### **rel-42** (sha256:d54a02ae3da2) → **rel-43** (sha256:7ea633f61439)

2 images (1 newer, 1 of unknown order), 3 environment entries, 1 ConfigMap, 3 flags, 1 requirement, 1 other field; 1 workload added, 1 workload removed, 1 container added, 1 ConfigMap added

#### Services

| Workload |  | What | Name | Change |
|---|---|---|---|---|
| **cart/cart**  Deployment | changed | image | registry.example:5000/shop/cart | `1.8.0` → `1.9.0` (▲ newer) |
|  | added | container | proxy: envoyproxy/envoy:v1.30.1 |  |
|  |  | env | DB\_PASSWORD | `configMap app-config/DB_PASSWORD` → `secret db/password` |
|  |  | env | TAX\_TIMEOUT | `500ms` → `1500ms` |
|  |  | env | TAX\_URL | added `http://tax:8080` |
|  |  | field | resources | added `{"limits":{"memory":"256Mi"}}` |
| **legacy/legacy**  Deployment | removed | image | shop/legacy:0.9.1 |  |
| **search/search**  Deployment | changed | image | shop/search | `main-a1b2a1b2a1b2` → `main-c3d4c3d4c3d4` (? order unknown) |
| **tax/tax**  Deployment | added | image | registry.example:5000/shop/tax:1.4.0 |  |

#### Config maps

| Config map |  | Key | Change |
|---|---|---|---|
| **app-config** | changed | LOG\_LEVEL | `info` → `debug` |
|  |  | nginx.conf | `6 lines` → `6 lines, 1 of them changed` |
| **tax-config** | added |  |  |

<details><summary>app-config, nginx.conf</summary>

```diff
@@ -3,3 +3,3 @@
 http {
-  keepalive_timeout 65;
+  keepalive_timeout 10;
   server {}
```

</details>

#### Flags

|  | Flag | Change |
|---|---|---|
| changed | layout | `compact` → `wide` |
| added | new-pricing | `on` |
| changed | tax-call | `off` → `on` |

#### Requirements

|  | Dependent | Requires |
|---|---|---|
| added | flag tax-call | requires tax &gt;=1.4 |

#### Variables, which belong to the place, not to the set

|  | Variable | Change |
|---|---|---|
| changed | DB\_HOST | `db.dev` → `db.qa` |
"#,
    );
}

#[test]
fn a_plan() {
    let plan = super::plan::between(&story::rel_42(), &story::rel_43());
    assert_text(
        &machine("markdown", &plan),
        r#"
### **rel-43** (sha256:7ea633f61439) → kind-dev/qa

3 objects to change, 2 objects to create; 1 object left alone

#### Writes

| Object |  | Field | Change |
|---|---|---|---|
| change ConfigMap **app-config** | changed | data.LOG\_LEVEL | `info` → `debug` |
|  |  | data\[nginx.conf\] | `6 lines` → `6 lines, 1 of them changed` |
| create ConfigMap **tax-config** | added |  |  |
| change Deployment **cart** | changed | env\[DB\_HOST\] | added `db.qa` |
|  |  | env\[TAX\_TIMEOUT\] | `500ms` → `1500ms` |
|  |  | env\[DB\_PASSWORD\] | `configMap app-config/DB_PASSWORD` → `secret db/password` |
|  |  | env\[TAX\_URL\] | added `http://tax:8080` |
|  |  | image | `1.8.0` → `1.9.0` |
|  |  | resources | added `{"limits":{"memory":"256Mi"}}` |
|  |  | containers\[proxy\] | added `{"image":"envoyproxy/envoy:v1.30.1","name":"proxy"}` |
| change Deployment **search** | changed | image | `main-a1b2a1b2a1b2` → `main-c3d4c3d4c3d4` |
| create Deployment **tax** | added |  |  |

#### Left alone, the set does not have it

| Object |
|---|
| Deployment legacy |

#### Owners

| Owner | What follows |
|---|---|
| **Helm release shop**: Deployment cart | the next helm upgrade or rollback takes back in silence what is changed and removed, and leaves what is added; where somebody else has written over all that Helm 4 applied, it ends with a conflict |
|  | so it takes back env\[TAX\_TIMEOUT\] of Deployment cart, image of Deployment cart, and leaves env\[DB\_HOST\] of Deployment cart, env\[TAX\_URL\] of Deployment cart, resources of Deployment cart, 1 more |
|  | the API server refuses its next write, until that takes these from where the set does: env\[DB\_PASSWORD\] of Deployment cart |
|  | to keep the set, bring this into its values: |
|  |   Deployment/cart containers\[cart\].env\[DB\_HOST\].value: db.qa |
|  |   Deployment/cart containers\[cart\].env\[TAX\_TIMEOUT\].value: 1500ms |
|  |   Deployment/cart containers\[cart\].env\[DB\_PASSWORD\].valueFrom.configMapKeyRef: null |
|  |   Deployment/cart containers\[cart\].env\[DB\_PASSWORD\].valueFrom.secretKeyRef: {"key":"password","name":"db"} |
|  |   Deployment/cart containers\[cart\].env\[TAX\_URL\]: {"name":"TAX\_URL","value":"http://tax:8080"} |
|  |   … and 3 more, which -o json has |

#### Notes

| Note |
|---|
| no Helm release here has ConfigMap tax-config, Deployment tax: the helm upgrade of release shop that brings them needs --take-ownership, and --force-conflicts where its values differ |
"#,
    );
}

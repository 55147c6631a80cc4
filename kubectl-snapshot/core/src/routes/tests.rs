//! Routes as people write them, over the shop of the documentation.

use serde_json::{Value, json};

use super::{Route, Steering, of, percent, shares_in_words, steering::Steerings};
use crate::{
    assembly::{
        Assembly, CaptureOptions,
        test_support::{assemble, kind_of, snapshot},
    },
    diff::{Diff, Presence, Summary, compare},
    manifest::Kind,
    snapshot::Spec,
};

fn instance(name: &str, track: &str, version: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "labels": {"app": "cart"}},
        "spec": {
            "selector": {"matchLabels": {"app": "cart", "track": track}},
            "template": {
                "metadata": {"labels": {"app": "cart", "track": track}},
                "spec": {"containers": [{"name": "cart", "image": format!("shop/cart:{version}")}]},
            },
        },
    })
}

fn service(name: &str, selector: &Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"selector": selector, "ports": [{"port": 80}]},
    })
}

/// The cart at two versions, and a Service for each and for both.
fn carts() -> Vec<Value> {
    vec![
        instance("cart", "stable", "2.3.0"),
        instance("cart-canary", "canary", "2.4.0"),
        service("cart", &json!({"app": "cart"})),
        service("cart-stable", &json!({"app": "cart", "track": "stable"})),
        service("cart-canary", &json!({"app": "cart", "track": "canary"})),
    ]
}

fn http_route(rules: &Value) -> Value {
    json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
        "metadata": {"name": "cart"}, "spec": {"parentRefs": [{"name": "shop"}], "rules": rules},
    })
}

fn split(stable: u64, canary: u64) -> Value {
    http_route(&json!([{"backendRefs": [
        {"name": "cart-stable", "port": 80, "weight": stable},
        {"name": "cart-canary", "port": 80, "weight": canary},
    ]}]))
}

fn virtual_service(spec: &Value) -> Value {
    json!({
        "apiVersion": "networking.istio.io/v1alpha3", "kind": "VirtualService",
        "metadata": {"name": "cart"}, "spec": spec,
    })
}

fn subsets() -> Value {
    json!({
        "apiVersion": "networking.istio.io/v1", "kind": "DestinationRule",
        "metadata": {"name": "cart"},
        "spec": {"host": "cart.shop.svc.cluster.local", "subsets": [
            {"name": "stable", "labels": {"track": "stable"}},
            {"name": "canary", "labels": {"track": "canary"}},
        ]},
    })
}

fn with(routes: &[Value]) -> Spec {
    let all: Vec<Value> = carts().into_iter().chain(routes.iter().cloned()).collect();
    assemble(CaptureOptions::default(), &all).spec
}

/// `requests: shares`, a line for each rule.
fn lines(routes: &[Route]) -> Vec<String> {
    let rules = routes.iter().flat_map(|route| &route.rules);
    rules.map(|rule| format!("{}: {}", rule.requests, shares_in_words(rule))).collect()
}

fn said(routes: &[Value]) -> Vec<String> {
    lines(&of(&with(routes)))
}

#[test]
fn a_share_is_of_those_whom_the_backend_selects() {
    assert_eq!(said(&[split(90, 10)]), ["every request: 90 % cart 2.3.0, 10 % cart-canary 2.4.0"]);
    assert_eq!(said(&[split(0, 1)]), ["every request: 100 % cart-canary 2.4.0"]);
    let both = http_route(&json!([{"backendRefs": [{"name": "cart", "port": 80}]}]));
    assert_eq!(said(&[both]), ["every request: 100 % cart 2.3.0 and cart-canary 2.4.0"]);
    let far = json!({"name": "tax", "namespace": "taxes", "port": 80});
    let gone = json!({"name": "tax", "port": 80});
    let twice = json!({"name": "cart-stable", "port": 80});
    let mixed = http_route(&json!([{"backendRefs": [far, gone, twice, twice]}]));
    assert_eq!(
        said(&[mixed]),
        [
            "every request: 25 % tax.taxes (none of the set), 25 % tax (none of the set), 50 % cart 2.3.0"
        ]
    );
}

#[test]
fn an_absent_weight_is_1_in_the_gateway_api_and_0_in_the_mesh() {
    let refs = json!([{"name": "cart-stable"}, {"name": "cart-canary"}]);
    let gateway = http_route(&json!([{"backendRefs": refs}]));
    assert_eq!(said(&[gateway]), ["every request: 50 % cart 2.3.0, 50 % cart-canary 2.4.0"]);
    let to = |subset: &str| json!({"host": "cart", "subset": subset});
    let mesh = |route: Value| {
        said(&[virtual_service(&json!({"hosts": ["cart"], "http": [{"route": route}]})), subsets()])
    };
    let stable = json!({"destination": to("stable"), "weight": 5});
    let canary = json!({"destination": to("canary")});
    assert_eq!(mesh(json!([stable, canary])), ["every request: 100 % cart 2.3.0"]);
    // A lone destination's weight is not looked at.
    assert_eq!(mesh(json!([canary])), ["every request: 100 % cart-canary 2.4.0"]);
    let none = json!({"destination": to("none"), "weight": 0});
    assert_eq!(
        mesh(json!([none, canary])),
        ["every request: 0 % cart, subset none (none of the set), 0 % cart-canary 2.4.0"]
    );
    let gateway = http_route(&json!([{"backendRefs": [{"name": "cart-stable", "weight": 0}]}]));
    assert_eq!(said(&[gateway]), ["every request: 0 % cart 2.3.0"]);
}

#[test]
fn the_requests_of_a_rule_are_told_in_words() {
    let to = json!([{"name": "cart-stable", "port": 80}]);
    let header = json!([{"name": "x-canary", "value": "always"}]);
    let http = http_route(&json!([
        {"name": "beta", "matches": [{"headers": header}], "backendRefs": to},
        {"matches": [
            {"path": {"type": "PathPrefix", "value": "/cart"}, "method": "GET"},
            {"path": {"type": "Exact", "value": "/v1"}, "queryParams": [{"type": "RegularExpression", "name": "q", "value": "a.*"}]},
        ], "backendRefs": to},
        {"matches": [{"path": {"type": "PathPrefix", "value": "/"}}], "filters": [{"type": "RequestRedirect", "requestRedirect": {"scheme": "https"}}]},
        {"matches": [{"path": {"type": "RegularExpression", "value": "/[a-z]"}}]},
    ]));
    assert_eq!(
        said(&[http]),
        [
            "beta: header x-canary = always: 100 % cart 2.3.0",
            "path /cart*, method GET or path /v1, query q ~ a.*: 100 % cart 2.3.0",
            "every request: redirected",
            "path ~ /[a-z]: no backend",
        ]
    );
    let grpc = json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "GRPCRoute", "metadata": {"name": "cart"},
        "spec": {"rules": [
            {"matches": [{"method": {"service": "shop.Cart"}, "headers": [{"type": "Exact", "name": "x", "value": "y"}]}], "backendRefs": to},
        ]},
    });
    assert_eq!(said(&[grpc]), ["call shop.Cart/*, header x = y: 100 % cart 2.3.0"]);
    let route = json!([{"destination": {"host": "cart-stable"}}]);
    let mesh = virtual_service(&json!({
        "hosts": ["cart"],
        "http": [
            {"name": "beta", "match": [{"headers": {"x-canary": {}, "x-user": {"regex": ".*@shop"}, "x-is": {"exact": "1"}}}], "route": route},
            {"match": [{"uri": {"prefix": "/api"}, "port": 80}, {"sourceLabels": {"app": "web"}}], "route": route},
            {"delegate": {"name": "other"}},
        ],
        "tls": [{"match": [{"sniHosts": ["a.shop"], "port": 443}], "route": route}],
        "tcp": [{"route": [{"destination": {"host": "db.example.com"}}]}],
    }));
    assert_eq!(
        said(&[mesh]),
        [
            "beta: header x-canary, header x-is = 1, header x-user ~ .*@shop: 100 % cart 2.3.0",
            "path /api*, port 80 or from pods with app=web: 100 % cart 2.3.0",
            "every request: delegated to VirtualService other",
            "TLS, SNI a.shop, port 443: 100 % cart 2.3.0",
            "TCP, every request: 100 % db.example.com (none of the set)",
        ]
    );
}

#[test]
fn shares_are_rounded_and_neither_nothing_nor_all_is_claimed() {
    for (weight, sum, words) in [
        (0, 7, "0 %"),
        (0, 0, "0 %"),
        (7, 7, "100 %"),
        (1, 3, "33.3 %"),
        (2, 3, "66.7 %"),
        (1, 1_000_001, "under 0.1 %"),
        (1_000_000, 1_000_001, "over 99.9 %"),
        (90, 110, "81.8 %"),
    ] {
        assert_eq!(percent(weight, sum), words, "{weight} of {sum}");
    }
}

#[test]
fn what_the_server_adds_to_a_route_is_no_difference() {
    let answered = json!({
        "apiVersion": "gateway.networking.k8s.io/v1beta1", "kind": "HTTPRoute",
        "metadata": {"name": "cart", "generation": 1, "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"}},
        "spec": {
            "parentRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "shop"}],
            "rules": [{
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                "backendRefs": [
                    {"group": "", "kind": "Service", "name": "cart-stable", "port": 80, "weight": 1},
                    {"group": "", "kind": "Service", "name": "cart-canary", "port": 80, "weight": 1},
                ],
            }],
        },
        "status": {"parents": []},
    });
    let refs = json!([{"name": "cart-stable", "port": 80}, {"name": "cart-canary", "port": 80}]);
    let written = http_route(&json!([{"backendRefs": refs}]));
    assert_eq!(with(&[written]).digest(), with(&[answered]).digest());
    let bare = |spec: Value| {
        let mut route = http_route(&json!([]));
        route["spec"] = spec;
        with(&[route]).digest()
    };
    let rule = json!({"matches": [{"path": {"type": "PathPrefix", "value": "/"}}]});
    assert_eq!(bare(json!({"rules": [rule]})), bare(json!({})));
    let redirect = |filter: Value| {
        bare(
            json!({"rules": [{"filters": [{"type": "RequestRedirect", "requestRedirect": filter}]}]}),
        )
    };
    assert_eq!(redirect(json!({})), redirect(json!({"statusCode": 302})));
    assert_ne!(redirect(json!({})), redirect(json!({"statusCode": 301})));
}

#[test]
fn what_istio_takes_as_it_is_stays_as_it_is() {
    let kept = |matches: Value| {
        let route = json!([{"destination": {"host": "cart"}}]);
        let spec = json!({"hosts": ["cart"], "http": [{"match": [matches], "route": route}]});
        let mut object = virtual_service(&spec);
        object["metadata"]["annotations"] =
            json!({"kubectl.kubernetes.io/last-applied-configuration": "{}"});
        with(&[object])
            .objects
            .values()
            .find(|one| one.identity().unwrap().0 == Kind::VirtualService)
            .unwrap()
            .tree()
    };
    let tree = kept(json!({"headers": {"x-canary": {}}}));
    assert_eq!(tree["spec"]["http"][0]["match"][0]["headers"], json!({"x-canary": {}}));
    assert_eq!(tree["metadata"], json!({"name": "cart"}));
    assert_eq!(tree["apiVersion"], "networking.istio.io/v1");
}

fn between(before: &[Value], after: &[Value]) -> Diff {
    let of = |routes: &[Value]| {
        snapshot(&carts().into_iter().chain(routes.iter().cloned()).collect::<Vec<_>>())
    };
    compare(["a", "b"], &of(before), &of(after))
}

#[test]
fn a_difference_is_told_in_shares_and_in_fields() {
    let diff = between(&[split(90, 10)], &[split(50, 50)]);
    assert_eq!(diff.summary, Summary { routes: 1, ..Summary::default() });
    let [route] = diff.routes.as_slice() else { panic!("{diff:?}") };
    assert_eq!((route.kind, route.change), (Kind::HTTPRoute, Presence::Changed));
    let paths: Vec<&str> = route.fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(
        paths,
        ["spec.rules[0].backendRefs[0].weight", "spec.rules[0].backendRefs[1].weight"]
    );
    assert_eq!(
        diff.headlines(9),
        [
            "HTTPRoute cart, every request: 90 % cart 2.3.0, 10 % cart-canary 2.4.0 → 50 % cart 2.3.0, 50 % cart-canary 2.4.0"
        ]
    );
    assert!(between(&[split(90, 10)], &[split(90, 10)]).summary.is_same());
    let added = between(&[], &[split(9, 1)]);
    assert_eq!(added.summary, Summary { routes: 1, ..Summary::default() });
    assert_eq!(added.routes[0].change, Presence::Added);
    assert!(added.without_additions().summary.is_same());
}

#[test]
fn who_is_behind_a_route_is_shown_and_counted_where_it_differs() {
    let route = json!([
        {"destination": {"host": "cart", "subset": "stable"}, "weight": 99},
        {"destination": {"host": "cart", "subset": "canary"}, "weight": 1},
    ]);
    let mesh = virtual_service(&json!({"hosts": ["cart"], "http": [{"route": route}]}));
    let mut other = subsets();
    other["spec"]["subsets"][1]["labels"]["track"] = "stable".into();
    let diff = between(&[mesh.clone(), subsets()], &[mesh, other]);
    assert_eq!(diff.summary.routes, 1, "the subsets, and not the route as well");
    let shown: Vec<_> = diff.routes.iter().map(|one| (one.kind, one.shares.len())).collect();
    assert_eq!(shown, [(Kind::DestinationRule, 0), (Kind::VirtualService, 1)]);
    assert_eq!(diff.without_additions().routes.len(), 1);
}

fn steered(objects: &[Value], steerings: &[(&str, &Value)]) -> (Spec, Vec<String>) {
    let mut assembly = Assembly::new(CaptureOptions::default());
    for object in carts().iter().chain(objects) {
        assembly.add(kind_of(object), object.clone()).unwrap();
    }
    for (group, object) in steerings {
        let kind = object["kind"].as_str().unwrap();
        assembly.add_steering(Steering::of(group, kind, object).expect("it steers something"));
    }
    let assembled = assembly.finish().unwrap();
    (assembled.spec, assembled.warnings)
}

fn rollout() -> Value {
    json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "cart"},
        "spec": {"strategy": {"canary": {
            "stableService": "cart-stable", "canaryService": "cart-canary",
            "trafficRouting": {
                "managedRoutes": [{"name": "by-header"}],
                "istio": {
                    "virtualService": {"name": "cart", "routes": ["primary"]},
                    "destinationRule": {"name": "cart", "stableSubsetName": "stable", "canarySubsetName": "canary"},
                },
                "plugins": {"argoproj-labs/gatewayAPI": {"httpRoute": "cart"}},
            },
        }}},
    })
}

#[test]
fn a_rollout_names_a_virtual_service_with_its_namespace() {
    let named = |name: &str, namespace: Option<&str>| {
        let mut rollout = rollout();
        let canary = &mut rollout["spec"]["strategy"]["canary"];
        canary["trafficRouting"] = json!({"istio": {"virtualService": {"name": name}}});
        if let Some(namespace) = namespace {
            rollout["metadata"]["namespace"] = json!(namespace);
        }
        Steering::of("argoproj.io", "Rollout", &rollout).map(|steering| {
            let mut steerings = Steerings::new();
            steering.add_to(&mut steerings);
            steerings.into_keys().map(|(_, name)| name).collect::<Vec<_>>()
        })
    };
    let cart = || Some(vec!["cart".to_owned()]);
    assert_eq!(named("cart", Some("shop")), cart());
    assert_eq!(named("cart.shop", Some("shop")), cart());
    assert_eq!(named("cart.shop", None), cart());
    assert_eq!(named("cart.pay", Some("shop")), None);
}

#[test]
fn what_a_rollout_shifts_belongs_to_the_place() {
    let to = |subset: &str, weight: u64| json!({"destination": {"host": "cart", "subset": subset}, "weight": weight});
    let mesh = |stable: u64, in_front: &[Value]| {
        let primary =
            json!({"name": "primary", "route": [to("stable", stable), to("canary", 100 - stable)]});
        let other = json!({"name": "other", "route": [to("stable", 60), to("canary", 40)]});
        let http: Vec<Value> = in_front.iter().cloned().chain([primary, other]).collect();
        virtual_service(&json!({"hosts": ["cart"], "http": http}))
    };
    let by_header = json!({"name": "by-header", "route": [to("canary", 100)]});
    let mut hashed = subsets();
    hashed["spec"]["subsets"][0]["labels"]["rollouts-pod-template-hash"] = "7c".into();
    hashed["metadata"]["annotations"] =
        json!({"argo-rollouts.argoproj.io/managed-by-rollouts": "cart"});
    let rollout = rollout();
    let argo = [("argoproj.io", &rollout)];
    let (rest, said) = steered(&[mesh(100, &[]), subsets(), split(100, 0)], &argo);
    let (amid, _) = steered(&[mesh(80, &[by_header]), hashed, split(80, 20)], &argo);
    assert_eq!(rest.digest(), amid.digest());
    assert_eq!(
        said,
        [
            "not in the set, for a controller steers them: labels of the subsets of DestinationRule cart (by Rollout cart), weights of HTTPRoute cart (by Rollout cart), weights of VirtualService cart (by Rollout cart)"
        ]
    );
    // Rules that it does not steer are of the set.
    assert_eq!(
        lines(&of(&rest)),
        [
            "every request: 100 % cart 2.3.0",
            "primary: every request: 100 % cart 2.3.0",
            "other: every request: 60 % cart 2.3.0, 40 % cart-canary 2.4.0",
        ]
    );
}

#[test]
fn what_a_canary_makes_is_none_of_the_set() {
    let canary = json!({
        "apiVersion": "flagger.app/v1beta1", "kind": "Canary", "metadata": {"name": "shop"},
        "spec": {"targetRef": {"kind": "Deployment", "name": "cart"}},
    });
    let (set, said) = steered(&[split(90, 10)], &[("flagger.app", &canary)]);
    assert_eq!(of(&set), []);
    assert_eq!(
        said,
        ["not in the set, for a controller steers them: HTTPRoute cart (by Canary shop)"]
    );
    assert!(Steering::of("apps", "Canary", &canary).is_none());
}

#[test]
fn an_unknown_rollout_gives_way_to_one_that_is_known() {
    let mut assembly = Assembly::new(CaptureOptions::default());
    let written = || Steering::of_written(Kind::VirtualService, "cart");
    assembly.add_steering(written());
    assert_eq!(assembly.steered().map(|(_, by)| by).collect::<Vec<_>>(), ["a Rollout"]);
    assembly.add_steering(Steering::of("argoproj.io", "Rollout", &rollout()).unwrap());
    assembly.add_steering(written());
    let by: Vec<&str> = assembly.steered().map(|(_, by)| by).collect();
    assert_eq!(by, ["Rollout cart"; 3]);
}

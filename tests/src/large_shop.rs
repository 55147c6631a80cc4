//! A shop of ten thousand services.

use std::fmt::Write;

const SERVICES: usize = 10_000;

/// Services that tests make newer.
pub const NEWER: [usize; 3] = [17, 4_711, 9_998];

/// Manifests of ten thousand services, a Deployment and a Service for each, in the words of an
/// ordinary chart. Those that are `newer` have the next version.
///
/// # Panics
/// Never: memory takes any text.
#[must_use]
pub fn large_shop(newer: &[usize]) -> String {
    let mut text = String::new();
    for number in 0..SERVICES {
        let version = if newer.contains(&number) { "1.1.0" } else { "1.0.0" };
        write!(
            text,
            "\
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{number}
  labels: {{app.kubernetes.io/name: service-{number}, app.kubernetes.io/part-of: shop}}
spec:
  selector: {{matchLabels: {{app.kubernetes.io/name: service-{number}}}}}
  template:
    metadata: {{labels: {{app.kubernetes.io/name: service-{number}}}}}
    spec:
      containers:
      - name: main
        image: registry.example/shop/service-{number}:{version}
        ports: [{{containerPort: 8080}}]
        env: [{{name: PEER, value: 'http://service-{peer}'}}]
        resources: {{requests: {{cpu: 100m, memory: 64Mi}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: service-{number}}}
spec:
  selector: {{app.kubernetes.io/name: service-{number}}}
  ports: [{{port: 80, targetPort: 8080}}]
",
            peer = (number * 7 + 1) % SERVICES,
        )
        .expect("memory takes any text");
    }
    text
}

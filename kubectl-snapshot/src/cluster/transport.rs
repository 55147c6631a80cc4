//! Transport: connections to the server, and what each request passes through.

use hyper_timeout::TimeoutConnector;
use hyper_util::{
    client::legacy::{Builder, connect::HttpConnector},
    rt::TokioExecutor,
};
use kube::{
    Client, Config,
    client::{ConfigExt, retry::RetryPolicy},
};
use tower::{BoxError, ServiceBuilder, retry::RetryLayer};
use tower_http::decompression::DecompressionLayer;

/// The client of a configuration.
///
/// It is put together as the library's own, but for one thing: what is sent goes out at once. The
/// library leaves Nagle's algorithm on, with which the first request of each connection waits for
/// the answer to the end of the TLS handshake, and the server has no reason to give it before its
/// timer for late acknowledgements ends: 40 ms on Linux.
///
/// Behind a proxy it is the library's own, which makes the connector of each kind of proxy itself.
pub(super) fn client(config: Config) -> Result<Client, kube::Error> {
    if config.proxy_url.is_some() {
        return Client::try_from(config);
    }
    // First, for a credential plugin that fails is not run again.
    let credentials = config.auth_layer()?;
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let mut connector = TimeoutConnector::new(config.rustls_https_connector_with_connector(tcp)?);
    connector.set_connect_timeout(config.connect_timeout);
    connector.set_read_timeout(config.read_timeout);
    connector.set_write_timeout(config.write_timeout);
    connector.set_reset_reader_on_write(config.reset_reader_on_write);
    let compression = DecompressionLayer::new().gzip(!config.disable_compression);
    let retry = config.default_retry.then(|| RetryLayer::new(RetryPolicy::server_retry()));
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .layer(compression)
        .option_layer(retry)
        .option_layer(credentials)
        .layer(config.extra_headers_layer()?)
        .map_err(BoxError::from)
        .service(Builder::new(TokioExecutor::new()).build(connector));
    Ok(Client::new(service, config.default_namespace))
}

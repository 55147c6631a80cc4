//! Chains: which record of a stage is the last, and never an earlier one.

use end_to_end::test;

use super::{Shop, chain_end, passes, refusal};

fn number(to: &str) -> String {
    format!(r#"patch configmap chains.prod --type=merge -p {{"data":{{"number":"{to}"}}}}"#)
}

#[test]
fn a_chain_goes_on_and_never_back() {
    let shop = Shop::guarded();
    let chain = chain_end("prod", "000001");
    assert!(refusal(&shop.create("developer", &chain)).contains("may not promote stages/prod"));
    // Nobody begins or goes on far beyond what there is.
    for far in ["000002", "999999"] {
        let why = shop.create("promoter", &chain_end("prod", far));
        assert!(refusal(&why).contains("only goes on to the next number: it has reached 0"));
    }
    passes(&shop.create("promoter", &chain));
    passes(&shop.kubectl("promoter", &number("000002")));
    passes(&shop.kubectl("promoter", &number("000003")));
    for other in ["000002", "000005", "999999", "9999999", "000003x", "000001", "-1", ""] {
        let why = shop.kubectl("promoter", &number(other));
        refusal(&why);
    }
    insta::assert_snapshot!("chain_back", shop.kubectl("promoter", &number("000002")));
    // The same number with another record is no way on, either.
    let other = format!(
        r#"patch configmap chains.prod --type=merge -p {{"data":{{"digest":"sha256:{}"}}}}"#,
        "1".repeat(64)
    );
    let why = shop.kubectl("promoter", &other);
    assert!(refusal(&why).contains("000003 is not one higher"));
    let other = r#"patch configmap chains.prod --type=merge -p {"data":{"digest":"b"}}"#;
    let why = shop.kubectl("promoter", other);
    assert!(refusal(&why).contains("is not what its readers take"));
    assert!(refusal(&shop.kubectl("developer", &number("000004"))).contains("may not promote"));
    assert_eq!(shop.get("chains.prod")["data"]["number"], "000003");
    // Who administers the store mends what somebody has broken.
    passes(&shop.kubectl("admin", &number("000002")));
    passes(&shop.kubectl("promoter", &number("000003")));
}

#[test]
fn a_chain_stays_and_stays_open() {
    let shop = Shop::guarded();
    let mut closed = chain_end("prod", "000001");
    closed["immutable"] = true.into();
    assert!(refusal(&shop.create("promoter", &closed)).contains("may not be immutable"));
    passes(&shop.create("promoter", &chain_end("prod", "000001")));
    let close = r#"patch configmap chains.prod --type=merge -p {"immutable":true,"data":{"number":"000002"}}"#;
    assert!(refusal(&shop.kubectl("promoter", close)).contains("may not be immutable"));
    for user in ["promoter", "admin"] {
        let why = shop.kubectl(user, "delete configmap chains.prod");
        assert!(refusal(&why).contains("is not deleted by anybody"));
        let why = shop.kubectl(user, "label configmap chains.prod kubectl-snapshot.dev/part-");
        assert!(refusal(&why).contains("needs the label"));
    }
}

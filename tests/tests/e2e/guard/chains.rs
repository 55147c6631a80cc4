//! Chains: which record of a stage is the last, and never an earlier one.

use end_to_end::test;

use serde_json::json;

use super::{Shop, part, passes, refusal};

fn number(to: &str) -> String {
    format!(r#"patch configmap chains.prod --type=merge -p {{"data":{{"number":"{to}"}}}}"#)
}

#[test]
fn a_chain_goes_on_and_never_back() {
    let shop = Shop::guarded();
    let chain = part("chains.prod", &json!({"number": "000007", "digest": "a"}));
    assert!(refusal(&shop.create("developer", &chain)).contains("may not promote stages/prod"));
    passes(&shop.create("promoter", &chain));
    passes(&shop.kubectl("promoter", &number("000008")));
    passes(&shop.kubectl("promoter", &number("000010")));
    for back in ["000009", "000010x", "000001", "-1", ""] {
        let why = shop.kubectl("promoter", &number(back));
        refusal(&why);
    }
    insta::assert_snapshot!("chain_back", shop.kubectl("admin", &number("000009")));
    // The same number with another record is no way on, either.
    let other = r#"patch configmap chains.prod --type=merge -p {"data":{"digest":"b"}}"#;
    let why = shop.kubectl("promoter", other);
    assert!(refusal(&why).contains("000010 is not higher"));
    assert!(refusal(&shop.kubectl("developer", &number("000011"))).contains("may not promote"));
    assert_eq!(shop.get("chains.prod")["data"]["number"], "000010");
}

#[test]
fn a_chain_stays_and_stays_open() {
    let shop = Shop::guarded();
    let mut closed = part("chains.prod", &json!({"number": "000001"}));
    closed["immutable"] = true.into();
    assert!(refusal(&shop.create("promoter", &closed)).contains("may not be immutable"));
    passes(&shop.create("promoter", &part("chains.prod", &json!({"number": "000001"}))));
    let close = r#"patch configmap chains.prod --type=merge -p {"immutable":true,"data":{"number":"000002"}}"#;
    assert!(refusal(&shop.kubectl("promoter", close)).contains("may not be immutable"));
    for user in ["promoter", "admin"] {
        let why = shop.kubectl(user, "delete configmap chains.prod");
        assert!(refusal(&why).contains("is not deleted by anybody"));
        let why = shop.kubectl(user, "label configmap chains.prod kubectl-snapshot.dev/part-");
        assert!(refusal(&why).contains("needs the label"));
    }
}

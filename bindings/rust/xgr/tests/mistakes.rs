//! What a mistake at the API is told: tests/cases/mistakes/api.txt.

mod support;

use std::path::Path;
use support::{byte_compiler, byte_tokenizer, start};
use xgr::{
    Compiler, CompilerOptions, Error, GrammarSource, JsonSchemaOptions, Matcher, MatcherOptions,
};

const DEEP: &str = r#"{"items": {"items": {"items": {}}}}"#;

fn made(name: &str) -> Option<Error> {
    let tokenizer = byte_tokenizer();
    let compiler = byte_compiler();
    let grammar = compiler.compile_regex("[a-z]+", &Default::default()).expect("a grammar");
    let small = |options: CompilerOptions| {
        let compiler = Compiler::new(&tokenizer, &options).expect("a compiler");
        compiler.compile_json_schema(DEEP, &Default::default(), &Default::default()).err()
    };
    match name {
        "mask_too_small" => start(&grammar).fill_bitmask(&mut [0]).err(),
        "rollback_too_far" => start(&grammar).rollback(3).err(),
        "stop_token_out_of_range" => {
            let options = MatcherOptions::default().stop_tokens(&[999]);
            Matcher::new(&grammar, &options).err()
        }
        "unknown_draft" => {
            let options = JsonSchemaOptions::default().draft(5);
            compiler.compile_json_schema("{}", &Default::default(), &options).err()
        }
        "source_too_long" => small(CompilerOptions::default().max_source_size(8)),
        "nested_too_deep" => small(CompilerOptions::default().max_nesting(2)),
        "no_choices" => GrammarSource::from_choices::<&str>(&[]).err(),
        _ => panic!("nobody makes the mistake {name}"),
    }
}

#[test]
fn every_mistake_is_told() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/cases/mistakes/api.txt");
    let text = std::fs::read_to_string(path).expect("the file of mistakes");
    let mut count = 0;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, wanted) = line.split_once(": ").expect("a name and a text");
        if name.contains('.') && !name.ends_with(".rust") {
            continue;
        }
        let shown = made(name.trim_end_matches(".rust")).expect(name).to_string();
        assert!(shown.contains(wanted), "{name}: {shown}");
        count += 1;
    }
    assert!(count > 5);
}

#[test]
fn the_place_is_displayed() {
    let error = byte_compiler()
        .compile_ebnf("root ::= item", &Default::default())
        .expect_err("no rule item");
    assert!(error.to_string().contains("at line 1, column 10"), "{error}");
}

//! Bitmasks as sets, and what they do to logits.

mod support;

use xgr::{ApplyOptions, Code, Result};

fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
    let error = result.expect_err("a mistake");
    assert_eq!(error.code(), Code::InvalidArgument);
    error.to_string()
}

#[test]
fn sizes() {
    assert_eq!((xgr::bitmask_words(33), xgr::bitmask_words(-1)), (2, 0));
    let mut mask = [0; 2];
    xgr::bitmask_reset(&mut mask);
    assert_eq!(mask, [u32::MAX; 2]);
    xgr::bitmask_reset(&mut []);
    assert_eq!((xgr::bitmask_count(&mask), xgr::bitmask_count(&[])), (64, 0));
}

#[test]
fn tokens() -> Result<()> {
    let mut mask = [0u32; 2];
    xgr::bitmask_set_tokens(&mut mask, &[1, 31, 32, 63], true)?;
    xgr::bitmask_set_tokens(&mut mask, &[31], false)?;
    assert_eq!((mask, xgr::bitmask_count(&mask)), ([2, 0x8000_0001], 3));
    let mut ids = [-1; 4];
    assert_eq!(xgr::bitmask_tokens(&mask, &mut ids)?, 3);
    assert_eq!(ids, [1, 32, 63, -1]);
    assert_eq!(xgr::bitmask_tokens(&mask, &mut [])?, 3);
    assert_eq!(xgr::bitmask_tokens(&mask, &mut ids[..1])?, 3);
    for token in [64, -1] {
        let text = message(xgr::bitmask_set_tokens(&mut mask, &[5, token], true));
        let wanted = "a mask of 2 words has no bit for token id";
        assert_eq!(text, format!("{wanted} {token}; expected 0 or more, below 64"));
    }
    xgr::bitmask_set_tokens(&mut mask, &[], true)?;
    assert_eq!(mask, [2, 0x8000_0001], "nothing has changed");
    let mut ids = [63, 2, -7, 1, 64, 1];
    assert_eq!(xgr::bitmask_filter_tokens(&mask, &mut ids), 3);
    assert_eq!(ids[..3], [63, 1, 1]);
    assert_eq!(xgr::bitmask_filter_tokens(&mask, &mut []), 0);
    Ok(())
}

#[test]
fn sets() -> Result<()> {
    let other = [0b0110, u32::MAX];
    let mut mask = [0b0011, 7];
    xgr::bitmask_and(&mut mask, &other)?;
    assert_eq!(mask, [0b0010, 7]);
    xgr::bitmask_or(&mut mask, &other)?;
    assert_eq!(mask, [0b0110, u32::MAX]);
    xgr::bitmask_and_not(&mut mask, &[0b0100, 1])?;
    assert_eq!(mask, [0b0010, !1]);
    for call in [xgr::bitmask_and, xgr::bitmask_or, xgr::bitmask_and_not] {
        let text = message(call(&mut mask, &[0]));
        assert_eq!(text, "the other mask has 1 words; expected 2, as the first has");
    }
    Ok(())
}

#[test]
fn logits_keep_their_bits() -> Result<()> {
    let odd = f32::from_bits(0x7FC0_1234);
    let mut logits = [odd, 1.0, f32::INFINITY, -0.0, 5.0, odd];
    xgr::bitmask_apply_f32(&mut logits, &[0b001101], &Default::default())?;
    let bits = logits.map(f32::to_bits);
    let minus = f32::NEG_INFINITY.to_bits();
    let kept = [odd.to_bits(), minus, f32::INFINITY.to_bits(), (-0.0f32).to_bits(), minus, minus];
    assert_eq!(bits, kept);
    let mut halves = [0x7E01u16, 0x7C00, 0x8000, 1];
    xgr::bitmask_apply_f16(&mut halves, &[0b0011], &Default::default())?;
    assert_eq!(halves, [0x7E01, 0x7C00, 0xFC00, 0xFC00]);
    let mut halves = [0x7FC1u16, 0x7F80, 0x8000, 1];
    xgr::bitmask_apply_bf16(&mut halves, &[0b0011], &Default::default())?;
    assert_eq!(halves, [0x7FC1, 0x7F80, 0xFF80, 0xFF80]);
    let mut more = [1.0f32; 40];
    xgr::bitmask_apply_f32(&mut more, &[u32::MAX], &Default::default())?;
    assert_eq!(more.iter().filter(|logit| logit.is_infinite()).count(), 8, "without a bit");
    Ok(())
}

#[test]
fn rows_of_logits() -> Result<()> {
    let options = ApplyOptions::default()
        .columns(2)
        .stride(3)
        .mask_words(1)
        .logit_rows(&[2, 0])
        .mask_rows(&[1, 1]);
    let mut logits = [1.0f32; 8];
    xgr::bitmask_apply_f32(&mut logits, &[0, 0b01], &options)?;
    let no = f32::NEG_INFINITY;
    assert_eq!(logits, [1.0, no, 1.0, 1.0, 1.0, 1.0, 1.0, no]);
    Ok(())
}

#[test]
fn mistakes_with_rows() {
    let all = ApplyOptions::default().row_count(2).columns(4).mask_words(1);
    let mut logits = [1.0f32; 8];
    let mut text =
        |options: &ApplyOptions| message(xgr::bitmask_apply_f32(&mut logits, &[0, 0], options));
    let wanted = "logit_rows[0] and logit_rows[1] are both 1; expected each row once";
    assert_eq!(text(&all.logit_rows(&[1, 1])), wanted);
    let wanted = "logit_rows[1] is 2; expected 0 or more, below 2, as many as there are";
    assert_eq!(text(&all.logit_rows(&[1, 2])), wanted);
    let wanted = "mask_rows[0] is -1; expected 0 or more, below 2, as many as there are";
    assert_eq!(text(&all.mask_rows(&[-1, 0])), wanted);
    let wanted = "mask_rows has 3 rows; expected none or 2";
    assert_eq!(text(&all.mask_rows(&[0, 0, 0])), wanted);
    let wanted = "stride is 3; expected at least the 4 columns";
    assert_eq!(text(&all.stride(3)), wanted);
    let short = text(&all.row_count(3));
    assert!(
        short.starts_with("8 logits are no 3 rows of 4 with 4 from one to the next"),
        "{short}"
    );
    assert!(text(&all.columns(usize::MAX / 2)).contains("8 logits"));
    assert!(text(&all.columns(0).logit_rows(&[0, 1])).contains("columns is 0"));
    assert!(text(&all.mask_words(0).mask_rows(&[0, 1])).contains("mask_words is 0"));
    assert_eq!(logits, [1.0; 8]);
    let mut halves = [1u16; 8];
    assert!(xgr::bitmask_apply_f16(&mut halves, &[0], &all).is_err());
    assert!(xgr::bitmask_apply_bf16(&mut halves, &[0], &all).is_err());
}

#[test]
fn candidates() -> Result<()> {
    let candidate = |id: i32, logit: f32, p: f32| -> [u8; 12] {
        let parts = [id.to_ne_bytes(), logit.to_ne_bytes(), p.to_ne_bytes()];
        parts.concat().try_into().expect("12 bytes")
    };
    let mut data =
        [candidate(1, 0.5, 9.0), candidate(0, 1.5, 8.0), candidate(99, 2.5, 7.0)].concat();
    xgr::bitmask_apply_candidates(&[0b10], &mut data, 12, 0, 4)?;
    let no = f32::NEG_INFINITY;
    let kept = [candidate(1, 0.5, 9.0), candidate(0, no, 8.0), candidate(99, no, 7.0)].concat();
    assert_eq!(data, kept);
    for (size, id, logit) in [(0, 0, 4), (7, 0, 3), (12, 0, 3), (12, 9, 4), (12, 4, usize::MAX)] {
        let text = message(xgr::bitmask_apply_candidates(&[0], &mut data, size, id, logit));
        assert!(text.starts_with(&format!("36 bytes are no candidates of {size} bytes")), "{text}");
    }
    assert_eq!(data, kept);
    xgr::bitmask_apply_candidates(&[0], &mut [], 12, 0, 4)
}

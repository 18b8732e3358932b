"""Structural tags of models by name: which replies they allow.

A reply of a model is written here once: reasoning as it goes on behind the prompt, one call of a tool, and what
stands around calls.
"""
import dataclasses
import itertools
import json

import pytest
from model_modules import modules

import xgr
from xgr import get_model_structural_tag, normalize_tool_choice

SCHEMA = {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"],
          "additionalProperties": False}
TOOLS = [{"type": "function", "function": {"name": name, "parameters": SCHEMA}} for name in ("f", "g")]
BUILTIN = {"type": "web_search", "name": "browser.search", "parameters": SCHEMA}
FORCED = {"type": "function", "function": {"name": "f"}}
ALLOWED = {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [FORCED]}}


@dataclasses.dataclass
class Model:
    call: str  # with %s for the name; the argument q is "v"
    begin: str = ""  # around all calls
    end: str = ""
    join: str = ""  # between two calls
    lead: str = ""  # in front of begin where a call is required
    enabled: str = ""  # reasoning that the prompt has begun, "plan", and what follows it
    whole: str = ""  # reasoning from its beginning
    disabled: str = ""  # what comes in its place
    text_after: bool = True  # text may follow a required call
    text_after_auto: bool = True  # text may follow a call that is not required
    text: str = "%s"  # how text is written in a reply without a call
    text_in_call: str = ""  # and where there is a call and no text
    marker: str = "</think>"  # what text never contains
    turn_end: str = ""


DSML = ('<｜DSML｜%%sinvoke name="%s">\n<｜DSML｜%%sparameter name="q" string="true">v</｜DSML｜%%sparameter>\n'
        '</｜DSML｜%%sinvoke>\n')
NS = "]<]minimax[>["
BRIEF = {"enabled": "plan</think>", "whole": "<think>plan</think>"}
SPACED = {"enabled": "plan</think>\n\n", "whole": "<think>plan</think>\n\n"}
QWEN_CODER = Model("<tool_call>\n<function=%s>\n<parameter=q>\nv\n</parameter>\n</function>\n</tool_call>", **SPACED)
MODELS = {
    "llama": Model('{"name": "%s", "parameters": {"q": "v"}}'),
    "kimi": Model('<|tool_call_begin|>functions.%s:0<|tool_call_argument_begin|>{"q": "v"}<|tool_call_end|>',
                  "<|tool_calls_section_begin|>", "<|tool_calls_section_end|>", text_after=False, **BRIEF),
    "kimi_k3": Model('<|open|>call tool="%s" index="1"<|sep|><|open|>argument key="q" type="string"<|sep|>v'
                     "<|close|>argument<|sep|><|close|>call<|sep|>", "<|open|>tools<|sep|>",
                     "<|close|>tools<|sep|>", enabled="plan<|close|>think<|sep|><|open|>response<|sep|>",
                     whole="<|open|>think<|sep|>plan<|close|>think<|sep|><|open|>response<|sep|>",
                     text="%s<|close|>response<|sep|>", text_in_call="<|close|>response<|sep|>",
                     marker="<|open|>", turn_end="<|close|>message<|sep|>", text_after=False,
                     text_after_auto=False),
    "deepseek_r1": Model('<｜tool▁call▁begin｜>function<｜tool▁sep｜>%s\n```json\n{"q": "v"}\n```<｜tool▁call▁end｜>',
                         "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "\n", text_after=False, **BRIEF),
    "deepseek_v3_1": Model('<｜tool▁call▁begin｜>%s<｜tool▁sep｜>{"q": "v"}<｜tool▁call▁end｜>',
                           "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", text_after=False, **BRIEF),
    "deepseek_v3_2": Model((DSML % "%%s") % (("",) * 4), "<｜DSML｜function_calls>\n", "</｜DSML｜function_calls>",
                           lead="\n\n", text_after=False, **BRIEF),
    "deepseek_v4": Model((DSML % "%%s") % (("",) * 4), "<｜DSML｜tool_calls>\n", "</｜DSML｜tool_calls>",
                         lead="\n\n", text_after=False, text_after_auto=False, **BRIEF),
    "deepseek_v4_1": Model((DSML % "%%s") % ((" ",) * 4), "<｜DSML｜ calls>\n", "</｜DSML｜ calls>", lead="\n\n",
                           text_after=False, text_after_auto=False, **BRIEF),
    "qwen_3": Model('<tool_call>\n{"name": "%s", "arguments": {"q": "v"}}\n</tool_call>', **SPACED),
    "qwen_3_5": QWEN_CODER,
    "qwen_3_coder": QWEN_CODER,
    "mimo": Model("<tool_call><function=%s><parameter=q>v</parameter></function></tool_call>",
                  enabled="<think>plan</think>", whole="<think>plan</think>", marker="<function="),
    "minimax": Model('<invoke name="%s">\n<parameter name="q">v</parameter>\n</invoke>\n', "<minimax:tool_call>\n",
                     "</minimax:tool_call>", lead="\n", disabled="\n</think>\n\n\n\n", text_after=False, **SPACED),
    "minimax_m3": Model(f'{NS}<invoke name="%s">{NS}<q>v{NS}</q>{NS}</invoke>\n', f"{NS}<tool_call>\n",
                        f"{NS}</tool_call>", enabled="plan</mm:think>", whole="<mm:think>plan</mm:think>",
                        marker=f"{NS}</invoke>"),
    "glm_4_7": Model("<tool_call>%s<arg_key>q</arg_key><arg_value>v</arg_value></tool_call>", marker="<arg_key>",
                     **BRIEF),
    "gemma_4": Model('<|tool_call>call:%s{q:<|"|>v<|"|>}<tool_call|>', marker="<channel|>",
                     enabled="<|channel>thought\nplan<channel|>", whole="<|channel>thought\nplan<channel|>"),
    "cohere": Model('<cofl:tool_call id="0" name="%s"><cofl:value name="q" type="raw">v</cofl:value>'
                    "</cofl:tool_call>", "<cofl:tool_calls>", "</cofl:tool_calls>", text_after=False,
                    enabled="plan<|END_THINKING|>", whole="<|START_THINKING|>plan<|END_THINKING|>",
                    marker="<|START_THINKING|>"),
    "exaone": Model('<tool_call>{"name": "%s", "arguments": {"q": "v"}}</tool_call>', **SPACED),
}
REASONING = {"enabled": lambda m: [m.enabled], "disabled": lambda m: [m.disabled], "auto": lambda m: [m.whole, ""]}


@pytest.fixture
def allows(compiler, matches):
    def ask(tag, reply):
        return matches(compiler.compile_structural_tag(tag), reply)

    return ask


def prefixes(model, reasoning):
    """What a reply begins with."""
    found = REASONING[reasoning](model)
    if reasoning == "auto" and model.text != "%s":
        found[1] = "<|open|>response<|sep|>"
    return found


def calls(model, *names, required=True):
    lead = model.lead if required else ""
    return (model.text_in_call + lead + model.begin + model.join.join(model.call % name for name in names)
            + model.end + model.turn_end)


def text(model, words):
    return model.text % words + model.turn_end


@pytest.mark.parametrize("name, reasoning", list(itertools.product(MODELS, REASONING)))
def test_auto(allows, name, reasoning):
    model = MODELS[name]
    tag = get_model_structural_tag(name, TOOLS, "auto", reasoning)
    one = get_model_structural_tag(name, TOOLS, reasoning=reasoning, parallel_tool_calls=False)
    for prefix in prefixes(model, reasoning):
        call, two = (calls(model, *names, required=False) for names in (["f"], ["f", "g"]))
        assert allows(tag, prefix + text(model, "Hello, 1 < 2.")) and allows(one, prefix + text(model, "Hello."))
        assert allows(tag, prefix + call) and allows(one, prefix + call)
        assert allows(tag, prefix + two) and not allows(one, prefix + two)
        assert allows(tag, prefix + call + " more") == model.text_after_auto
        assert not allows(one, prefix + call + " more")
        assert not allows(tag, prefix + calls(model, "h", required=False))
        assert not allows(tag, prefix + text(model, model.marker))
        assert not allows(tag, prefix + call.replace("v", "v" + model.call[-6:], 1)[:-1])
    if model.enabled:
        assert allows(tag, "plan") == (reasoning != "enabled" and not model.turn_end and not model.disabled
                                       or bool(model.disabled) and reasoning == "auto")


@pytest.mark.parametrize("name, reasoning", list(itertools.product(MODELS, REASONING)))
def test_required(allows, name, reasoning):
    model = MODELS[name]
    tag = get_model_structural_tag(name, TOOLS, "required", reasoning)
    one = get_model_structural_tag(name, TOOLS, "required", reasoning, parallel_tool_calls=False)
    for prefix in prefixes(model, reasoning):
        assert not allows(tag, prefix + text(model, "Hello")) and not allows(tag, prefix)
        assert allows(tag, prefix + calls(model, "g")) and allows(one, prefix + calls(model, "g"))
        assert allows(tag, prefix + calls(model, "g", "f")) and not allows(one, prefix + calls(model, "g", "f"))
        assert not allows(tag, prefix + calls(model, "g", "h")) and not allows(tag, prefix + calls(model, "h"))
        assert allows(tag, prefix + calls(model, "f") + " done") == model.text_after
        if not model.text_in_call:
            assert not allows(tag, prefix + "Well. " + calls(model, "f"))


@pytest.mark.parametrize("choice", [FORCED, ALLOWED], ids=["forced", "allowed"])
@pytest.mark.parametrize("name", MODELS)
def test_one_tool(allows, name, choice):
    model = MODELS[name]
    tag = get_model_structural_tag(name, TOOLS, choice, False)
    assert allows(tag, model.disabled + calls(model, "f"))
    assert not allows(tag, model.disabled + calls(model, "g"))
    assert allows(tag, model.disabled + calls(model, "f", "f")) == (choice is ALLOWED)
    assert not allows(tag, model.disabled + text(model, "Hello"))


@pytest.mark.parametrize("arguments", [{}, {"tools": TOOLS, "tool_choice": "none"}, {"tools": []}])
@pytest.mark.parametrize("name", MODELS)
def test_without_tools(allows, name, arguments):
    model = MODELS[name]
    tag = get_model_structural_tag(name, reasoning=True, **arguments)
    assert allows(tag, model.enabled + text(model, "Hello"))
    assert not allows(tag, model.enabled + text(model, model.marker))
    if name in ("deepseek_v4_1", "glm_4_7", "kimi_k3", "mimo", "minimax_m3"):
        assert not allows(tag, model.enabled + calls(model, "f"))


@pytest.mark.parametrize("name", MODELS)
def test_options(allows, name):
    model = MODELS[name]
    free = get_model_structural_tag(name, TOOLS, reasoning=False, exclude_special_tokens=False)
    assert '"excludes":[]' in free.model_dump_json() and '"excludes":["' not in free.model_dump_json()
    if name not in ("kimi_k3", "llama"):  # in these it cannot stand anywhere
        assert allows(free, model.disabled + text(model, model.marker))
    schemas = json.dumps(get_model_structural_tag(name, TOOLS, any_order=True, max_whitespace_cnt=3).model_dump())
    assert schemas.count('"any_order": true, "max_whitespace_cnt": 3') == schemas.count('"json_schema": {') == 2
    for loose in ({"name": "f"}, {"name": "f", "parameters": SCHEMA, "strict": False}):
        if name == "minimax_m3":
            continue  # its arguments need a schema
        tag = get_model_structural_tag(name, [{"type": "function", "function": loose}], "required", False)
        assert allows(tag, model.disabled + calls(model, "f")) and '"json_schema":true' in tag.model_dump_json()


@pytest.mark.parametrize("name", sorted({*MODELS} - {"llama"}))
def test_families_write_the_same(allows, name, info):
    """What the tag of a name allows, the family of the library allows, too, with a prompt that begins reasoning."""
    model = MODELS[name]
    family = {"cohere": "cohere_xml"}.get(name, name)
    for reasoning, mode in (("enabled", "on"), ("disabled", "off")):
        request = {"tools": TOOLS, "tool_choice": "required", "reasoning": mode}
        tag = xgr.family_structural_tag(family, request, info)
        prefix = prefixes(model, reasoning)[0]
        assert allows(tag, prefix + calls(model, "f")), tag
        if name != "deepseek_v4":
            assert not allows(tag, prefix + calls(model, "h"))


# --- harmony ---

HEAD = "<|start|>assistant"
FINAL, PLAN = "<|channel|>final<|message|>Hello<|return|>", "<|channel|>analysis<|message|>plan<|end|>"
FORMS = ["<|channel|>commentary to=%s<|constrain|>json", " to=%s<|channel|>commentary <|constrain|>json",
         " to=%s<|channel|>commentary json"]


def spoken(name, form=0):
    return (FORMS[form] if isinstance(form, int) else form) % name + '<|message|>{"q": "v"}<|call|>'


def test_harmony(allows):
    tag = get_model_structural_tag("harmony", [*TOOLS, BUILTIN])
    for form in range(3):
        assert allows(tag, spoken("functions.f", form)) and not allows(tag, spoken("functions.h", form))
    assert allows(tag, HEAD.join([PLAN, spoken("functions.f"), spoken("functions.g"), FINAL]))
    for form in ("<|channel|>commentary to=%s code", " to=%s<|channel|>commentary code"):
        assert allows(tag, spoken("browser.search", form)) and not allows(tag, spoken("functions.f", form))
    assert not allows(tag, "Hello") and not allows(tag, PLAN + FINAL)
    off = get_model_structural_tag("harmony", TOOLS, reasoning="disabled")
    assert not allows(off, PLAN) and allows(off, FINAL.replace("<|return|>", "<|end|>"))
    required = get_model_structural_tag("harmony", TOOLS, "required")
    assert not allows(required, FINAL) and allows(required, HEAD.join([PLAN, spoken("functions.f")]))
    forced = get_model_structural_tag("harmony", [*TOOLS, BUILTIN], {"type": "web_search"}, "disabled")
    assert allows(forced, spoken("browser.search", "<|channel|>commentary to=%s code"))
    assert not allows(forced, spoken("functions.f")) and not allows(forced, PLAN)


@pytest.mark.parametrize("choice", ["auto", "required"])
def test_harmony_with_one_call(allows, choice):
    tag = get_model_structural_tag("harmony", TOOLS, choice, parallel_tool_calls=False)
    for reply in ([PLAN], [spoken("functions.f")], [PLAN, spoken("functions.f")]):
        assert allows(tag, HEAD.join(reply))
    assert allows(tag, HEAD.join([PLAN, FINAL])) == (choice == "auto")
    for reply in ([spoken("functions.f")] * 2, [spoken("functions.f"), PLAN]):
        assert not allows(tag, HEAD.join(reply))
    off = get_model_structural_tag("harmony", TOOLS, choice, "disabled", parallel_tool_calls=False)
    assert allows(off, spoken("functions.f")) and allows(off, FINAL) == (choice == "auto")


# --- what clients do with the tags ---


@pytest.mark.parametrize("choice", ["auto", "required"])
@pytest.mark.parametrize("name", MODELS)
def test_lists_of_calls_can_be_limited(allows, name, choice):
    """Engines walk through a tag, and let each list of calls in it end behind its first."""
    tags, model = xgr.structural_tag, MODELS[name]
    found = []

    def visit(node):
        if isinstance(node, (tags.TriggeredTagsFormat, tags.TagsWithSeparatorFormat)):
            found.append(node)
            node.stop_after_first = True
        for field in getattr(type(node), "model_fields", ()):
            visit(getattr(node, field))
        for item in node if isinstance(node, list) else ():
            visit(item)

    tag = get_model_structural_tag(name, TOOLS, choice, False)
    visit(tag)
    assert found and allows(tag, model.disabled + calls(model, "f", required=choice == "required"))
    assert not allows(tag, model.disabled + calls(model, "f", "g", required=choice == "required"))
    assert tag == get_model_structural_tag(name, TOOLS, choice, False, parallel_tool_calls=False)


def test_other_names_are_families(allows):
    tag = get_model_structural_tag("mistral", TOOLS, "required", False)
    assert allows(tag, '[TOOL_CALLS]f[ARGS]{"q": "v"}') and not allows(tag, '[TOOL_CALLS]h[ARGS]{"q": "v"}')
    assert allows(get_model_structural_tag("hermes", TOOLS), 'plan</think>\n\n<tool_call>{"name": "f", "arguments": '
                                                             '{"q": "v"}}</tool_call>')
    free = get_model_structural_tag("hermes", TOOLS, None, False, exclude_special_tokens=False)
    assert allows(free, "a <think> b") and not allows(get_model_structural_tag("hermes", TOOLS, None, False),
                                                      "a <think> b")
    assert "max_whitespace_cnt" in get_model_structural_tag("hermes", TOOLS, max_whitespace_cnt=3).model_dump_json()
    named = get_model_structural_tag("hermes", TOOLS, FORCED, False, token_markers=True).model_dump_json()
    assert '{"type":"token","token":"<tool_call>"}' in named


def test_register():
    taken = []

    @xgr.register_model_structural_tag("mine", marker_tokens=["<a>"])
    def mine(functions, builtins, choice, reasoning, **options):
        taken.append((functions, builtins, choice, reasoning, options))
        return xgr.StructuralTag(format={"type": "const_string", "value": "<a>b"})

    try:
        tag = get_model_structural_tag("mine", [*TOOLS, BUILTIN], FORCED, "auto", any_order=True)
        assert tag.format.value == "<a>b" and mine.__name__ == "mine"
        functions, builtins, choice, reasoning, options = taken.pop()
        assert [tool.function.name for tool in functions] == ["f"] and builtins == []
        assert (choice, reasoning) == ("forced", "auto")
        assert options == {"any_order": True, "exclude_special_tokens": True, "max_whitespace_cnt": None,
                           "parallel_tool_calls": True}
        named = get_model_structural_tag("mine", token_markers=True).format
        assert [part.type for part in named.elements] == ["token", "const_string"]
        xgr.register_model_structural_tag("mine")(mine)
        with pytest.raises(ValueError, match="token_markers is not supported"):
            get_model_structural_tag("mine", token_markers=True)
    finally:
        xgr.model_tags.registry.pop("mine")


# --- markers as tokens ---


@pytest.mark.parametrize("name", ["qwen_3", "qwen_3_5", "qwen_3_coder", "glm_4_7"])
@pytest.mark.parametrize("choice", ["auto", "required", FORCED], ids=["auto", "required", "forced"])
def test_token_markers(name, choice):
    """Only the tokens of the markers count, not their spelling."""
    markers = ["<think>", "</think>", "<tool_call>", "</tool_call>", "<arg_key>", "</arg_key>", "<arg_value>",
               "</arg_value>"]
    info = xgr.TokenizerInfo([bytes([i]) for i in range(256)] + markers + ["</s>"], stop_token_ids=264)
    compiler = xgr.GrammarCompiler(info)
    model = MODELS[name]
    inner = (model.call % "f")[len("<tool_call>"):-len("</tool_call>")]

    def reply(*parts):
        return [token for part in parts for token in ([part] if isinstance(part, int) else part.encode())]

    def allowed(tag, tokens):
        matcher = xgr.GrammarMatcher(compiler.compile_structural_tag(tag))
        return all(map(matcher.accept_token, tokens)) and matcher.is_completed()

    tag = get_model_structural_tag(name, TOOLS, choice, token_markers=True)
    plain = get_model_structural_tag(name, TOOLS, choice)
    after = model.enabled[len("plan</think>"):]
    atomic = reply("plan", 257, after, 258, inner, 259)
    assert allowed(tag, atomic) and allowed(plain, reply(model.enabled, model.call % "f"))
    assert not allowed(tag, reply("plan", 257, after, model.call % "f")) or choice == "auto"
    assert not allowed(tag, reply(model.enabled, 258, inner, 259))
    assert allowed(tag, [*atomic, *reply(" done")]) == (choice != FORCED)
    assert allowed(tag, [*atomic, 259]) == (name != "glm_4_7" and choice != FORCED)
    assert not allowed(tag, reply("plan", 256, 257, after, 258, inner, 259))


def test_markers_in_other_places(allows):
    tags = xgr.structural_tag
    bind = xgr.model_tags.bind_marker_tokens
    text = tags.AnyTextFormat(excludes=["<b>"])

    def bound(**members):
        return bind(xgr.StructuralTag(format=tags.TagFormat(**members)), ["<b>", "</b>", "</b>x"]).format

    made = bound(begin="<b>a<b>c", content=tags.OrFormat(elements=[text, tags.ConstStringFormat(value="d</b>e")]),
                 end="f</b>x")
    assert made.begin == tags.TokenFormat(token="<b>") and made.end == tags.TokenFormat(token="</b>x")
    before, token, more, content, after = made.content.elements
    assert (before.value, token.token, more.value, after.value) == ("a", "<b>", "c", "f")
    assert content.elements[0] == tags.AnyTokensFormat(exclude_tokens=["<b>"])
    assert [part.type for part in content.elements[1].elements] == ["const_string", "token", "const_string"]
    for wrong in ({"begin": "", "content": text, "end": ["</b>", "c"]},
                  {"begin": "", "content": tags.AnyTextFormat(excludes=["c"]), "end": "</b>"},
                  {"begin": "", "content": tags.AnyTextFormat(max_chars=3), "end": "</b>"},
                  {"begin": "", "content": tags.RepeatFormat(min=0, max=3, content=text), "end": "</b>"}):
        with pytest.raises(ValueError):
            bound(**wrong)
    same = xgr.StructuralTag(format=tags.SequenceFormat(elements=[text, tags.OptionalFormat(content=text)]))
    assert bind(same, ["</b>"]) is same and bind(same, []) is same
    with pytest.raises(ValueError, match="triggers"):
        bind(xgr.StructuralTag(format=tags.TriggeredTagsFormat(triggers=["<b>", "c"], tags=[])), ["<b>"])


# --- tools and choices ---


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("tools, choice, place", [
    ("f", "auto", "tools must be a list"),
    ([3], "auto", "tools.0"),
    ([TOOLS[0], {"type": "function"}], "auto", r"tools\.1\.function\.name"),
    ([{"function": {"parameters": {}}}], "auto", r"tools\.0\.function\.name"),
    ([{"function": {"name": 1}}], "auto", r"tools\.0\.function\.name"),
    ([{"function": {"name": "f", "parameters": []}}], "auto", r"tools\.0\.function\.parameters"),
    ([{"type": "web_search", "parameters": 1}], "auto", r"tools\.0\.parameters"),
    (TOOLS, "any", "tool_choice"),
    (TOOLS, 5, "tool_choice"),
    (TOOLS, {"type": "function", "function": {}}, r"tool_choice\.function\.name"),
    (TOOLS, {"type": "function", "function": {"name": "h"}}, "'h'"),
    (TOOLS, {"type": "web_search"}, "exactly one builtin tool"),
    ([BUILTIN, BUILTIN], {"type": "web_search"}, "exactly one builtin tool"),
    (TOOLS, {"type": "allowed_tools", "allowed_tools": {"mode": "all", "tools": []}},
     r"tool_choice\.allowed_tools\.mode"),
    (TOOLS, {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "web_search"}]},
     "Allowed builtin tools .*'web_search'"),
    (TOOLS, {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "h"}]},
     "Allowed functions .*'h'"),
    ([], "required", "'required'"),
    (TOOLS, {"type": "allowed_tools", "mode": "required", "tools": []}, "'required'"),
])
def test_wrong_tools_and_choices(tools, choice, place, plain):
    with modules(plain) as found, pytest.raises(ValueError, match=place):
        found.model_tags.get_model_structural_tag("harmony", tools, choice)


def test_choices():
    tools = [*TOOLS, BUILTIN, {"type": "code"}]

    def chosen(tools, choice):
        functions, builtins, mode = normalize_tool_choice(tools, choice)
        return [tool.function.name for tool in functions], [tool.type for tool in builtins], mode

    assert chosen(tools, None) == chosen(tools, "auto") == (["f", "g"], ["web_search", "code"], "auto")
    assert chosen(None, "auto") == chosen(tools, "none") == ([], [], "auto")
    assert chosen(tools, "required") == (["f", "g"], ["web_search", "code"], "required")
    for flat in (FORCED, {"type": "function", "name": "f"}):
        assert chosen(tools, flat) == (["f"], [], "forced")
    assert chosen(tools, {"type": "code"}) == ([], ["code"], "forced")
    allowed = {"mode": "auto", "tools": [{"type": "code"}, {"type": "function", "name": "g"}]}
    for some in ({"type": "allowed_tools", **allowed}, {"type": "allowed_tools", "allowed_tools": allowed}):
        assert chosen(tools, some) == (["g"], ["code"], "auto")
    # The flat shape of the Responses API, models of ours and of others.
    models = xgr.openai_tools

    class Other:
        def model_dump(self, exclude_none):
            return TOOLS[0]

    mixed = [{"type": "function", "name": "f", "parameters": SCHEMA}, Other(), models.BuiltinToolParam(type="code"),
             models.FunctionToolParam(function={"name": "h"})]
    functions, builtins, _ = normalize_tool_choice(mixed)
    assert [tool.function.parameters for tool in functions] == [SCHEMA, SCHEMA, None]
    assert builtins == [mixed[2]] and functions[2] is mixed[3]
    named = models.NamedToolChoiceParam(function=models.NamedToolChoiceFunction(name="h"))
    assert normalize_tool_choice(mixed, named)[0] == [mixed[3]]


@pytest.mark.parametrize("arguments, told", [
    ({"model": "nobody"}, "Unknown format type: 'nobody'.*llama.*mistral"),
    ({"model": "nobody", "tools": "f"}, "nobody"),
    ({"model": "llama", "reasoning": "on"}, "'enabled', 'disabled', 'auto'"),
    ({"model": "llama", "reasoning": None}, "reasoning"),
    ({"model": "llama", "parallel_tool_calls": "no"}, "parallel_tool_calls"),
    ({"model": "glm_4_7", "token_markers": "no"}, "token_markers"),
    ({"model": "llama", "token_markers": True}, "token_markers is not supported for 'llama'.*qwen_3"),
    ({"model": "mimo", "tools": [BUILTIN]}, "the model has no builtin tools"),
    ({"model": "llama", "tools": [BUILTIN], "tool_choice": "required"}, "required call"),
    ({"model": "llama", "tools": [BUILTIN], "tool_choice": {"type": "web_search"}}, "forced call"),
])
def test_wrong_arguments(arguments, told):
    with pytest.raises(ValueError, match=told):
        get_model_structural_tag(**arguments)
    assert xgr.get_builtin_structural_tag is get_model_structural_tag


def test_the_same_without_pydantic():
    wanted = get_model_structural_tag("kimi_k3", TOOLS, "required", "auto").model_dump_json()
    with modules(plain=True) as found:
        tag = found.model_tags.get_model_structural_tag("kimi_k3", TOOLS, "required", "auto")
        assert tag.model_dump_json() == wanted


def test_the_modules_of_the_drop_in(allows):
    from xgr.drop_in import builtin_structural_tag, openai_tool_call_schema, structural_tag

    assert structural_tag.StructuralTag is xgr.StructuralTag
    assert openai_tool_call_schema.FunctionToolParam is xgr.openai_tools.FunctionToolParam
    assert builtin_structural_tag.get_model_structural_tag is get_model_structural_tag
    functions, builtins, choice = normalize_tool_choice(TOOLS, "required")
    for name in [*MODELS, "harmony"]:
        build = getattr(builtin_structural_tag, f"get_{name}_structural_tag")
        assert build(functions, builtins, choice, "disabled") == get_model_structural_tag(name, TOOLS, choice, False)
    whole = builtin_structural_tag.get_minimax_m3_structural_tag(functions)
    assert whole == get_model_structural_tag("minimax_m3", TOOLS, reasoning="auto")
    with pytest.raises(ValueError, match="reasoning"):
        builtin_structural_tag.get_llama_structural_tag(functions, reasoning="on")

"""Three-way merges by value."""

from hypothesis import given
from hypothesis import strategies as st

from gongkai.authoring.editor.merging import (
    MISSING,
    Choice,
    MaybeTree,
    Side,
    ValueConflict,
    merge_values,
    rebase_edits,
)
from gongkai.authoring.editor.value_trees import (
    BODY,
    BODY_KEY,
    EditKind,
    Tree,
    ValueEdit,
    apply_edits,
    same_values,
)


def row(name: str, **values: str) -> dict[str, Tree]:
    return {"三级指标": name, **values}


BASE: Tree = {
    "总分": {"分值": "100", "得分": "97"},
    "指标": [row("一", 得分="1", 目标="10"), row("二", 得分="2"), row("三", 得分="3")],
}


def with_edits(*edits: ValueEdit) -> Tree:
    return apply_edits(BASE, edits)


def conflict_values(conflict: ValueConflict) -> tuple[str, MaybeTree, MaybeTree, MaybeTree]:
    return conflict.words, conflict.base, conflict.mine, conflict.theirs


def test_changes_of_different_places_are_merged() -> None:
    mine = with_edits(
        ValueEdit(("指标", 1, "得分"), "9"),
        ValueEdit(("指标", 0), row("零"), EditKind.INSERT),
        ValueEdit(("填报", "填表人"), "某某"),
    )
    theirs = with_edits(
        ValueEdit(("指标", 0), kind=EditKind.REMOVE),
        ValueEdit(("指标", 2), row("四")),
        ValueEdit(("总分", "得分"), "98"),
    )
    merge = merge_values(BASE, mine, theirs)
    assert merge.conflicts == ()
    assert merge.tree == {
        "总分": {"分值": "100", "得分": "98"},
        "指标": [row("零"), row("二", 得分="9"), row("三", 得分="3"), row("四")],
        "填报": {"填表人": "某某"},
    }
    assert apply_edits(theirs, merge.edits) == merge.tree


def test_the_same_value_changed_twice_is_a_conflict() -> None:
    mine, theirs = (
        with_edits(ValueEdit(("总分", "得分"), "96")),
        with_edits(ValueEdit(("总分", "得分"), "95")),
    )
    merge = merge_values(BASE, mine, theirs)
    (conflict,) = merge.conflicts
    assert conflict == ValueConflict(("总分", "得分"), "总分/得分", "97", "96", "95")
    assert same_values(merge.tree, theirs)
    for choice, value in (
        (Choice(Side.MINE), "96"),
        (Choice(Side.THEIRS), "95"),
        (Choice(Side.OTHER, " 94 "), "94"),
    ):
        settled = merge_values(BASE, mine, theirs, {conflict.id: choice})
        assert settled.conflicts == ()
        assert same_values(settled.tree, with_edits(ValueEdit(("总分", "得分"), value)))


def test_a_choice_holds_only_for_the_values_that_it_was_made_for() -> None:
    mine, theirs = (
        with_edits(ValueEdit(("总分", "得分"), "96")),
        with_edits(ValueEdit(("总分", "得分"), "95")),
    )
    (conflict,) = merge_values(BASE, mine, theirs).conflicts
    later = with_edits(ValueEdit(("总分", "得分"), "90"))
    assert merge_values(BASE, mine, later, {conflict.id: Choice(Side.MINE)}).conflicts


def test_a_row_that_one_removed_and_the_other_changed_is_a_conflict() -> None:
    removed = with_edits(ValueEdit(("指标", 0), kind=EditKind.REMOVE))
    changed = with_edits(
        ValueEdit(("指标", 0, "得分"), "5"), ValueEdit(("指标", 0), kind=EditKind.MOVE, to=2)
    )
    new = row("一", 得分="5", 目标="10")
    (conflict,) = merge_values(BASE, removed, changed).conflicts
    assert conflict_values(conflict) == ("指标/一", row("一", 得分="1", 目标="10"), MISSING, new)
    settled = merge_values(BASE, removed, changed, {conflict.id: Choice(Side.MINE)})
    assert same_values(settled.tree, removed)
    (conflict,) = merge_values(BASE, changed, removed).conflicts
    assert conflict_values(conflict) == ("指标/一", row("一", 得分="1", 目标="10"), new, MISSING)
    settled = merge_values(BASE, changed, removed, {conflict.id: Choice(Side.MINE)})
    assert same_values(settled.tree, changed)


def test_a_renamed_and_moved_row_is_recognised() -> None:
    base: Tree = {"指标": [row("走访困难家庭", 得分="1", 目标="10"), row("二"), row("三")]}
    mine: Tree = {"指标": [row("二"), row("三"), row("慰问走访困难家庭", 得分="1", 目标="10")]}
    theirs: Tree = {"指标": [row("走访困难家庭", 得分="7", 目标="10"), row("二"), row("三")]}
    merge = merge_values(base, mine, theirs)
    assert merge.conflicts == ()
    assert isinstance(merge.tree, dict)
    assert merge.tree["指标"] == [
        row("二"),
        row("三"),
        row("慰问走访困难家庭", 得分="7", 目标="10"),
    ]


def test_a_replaced_row_is_not_taken_for_a_renamed_one() -> None:
    base: Tree = {"指标": [row("走访困难家庭", 得分="10", 分值="10", 目标="95%")]}
    mine: Tree = {"指标": [row("走访困难家庭", 得分="9", 分值="10", 目标="95%")]}
    theirs: Tree = {"指标": [row("预算收支平衡", 得分="10", 分值="10", 目标="95%")]}
    (conflict,) = merge_values(base, mine, theirs).conflicts
    assert (conflict.words, conflict.theirs) == ("指标/走访困难家庭", MISSING)


def test_two_different_orders_are_a_conflict() -> None:
    mine = with_edits(ValueEdit(("指标", 0), kind=EditKind.MOVE, to=2))
    theirs = with_edits(ValueEdit(("指标", 0), kind=EditKind.MOVE, to=1))
    (conflict,) = merge_values(BASE, mine, theirs).conflicts
    assert conflict.words == "指标"
    settled = merge_values(BASE, mine, theirs, {conflict.id: Choice(Side.MINE)})
    assert same_values(settled.tree, mine)


def test_the_same_new_row_comes_once() -> None:
    mine = with_edits(ValueEdit(("指标", 3), row("四", 得分="4", 目标="1")))
    theirs = with_edits(ValueEdit(("指标", 0), row("四", 得分="4", 目标="2"), EditKind.INSERT))
    (conflict,) = merge_values(BASE, mine, theirs).conflicts
    assert conflict_values(conflict) == ("指标/四/目标", MISSING, "1", "2")


def test_reports_are_merged_by_paragraph() -> None:
    base = "# 一\n\n甲\n\n乙\n\n丙"
    mine, theirs = "# 一\n\n甲改\n\n乙\n\n丙", "# 一\n\n甲\n\n乙\n\n新\n\n丙改"
    merge = merge_values({BODY_KEY: base}, {BODY_KEY: mine}, {BODY_KEY: theirs})
    assert merge.tree == {BODY_KEY: "# 一\n\n甲改\n\n乙\n\n新\n\n丙改"}
    assert merge.conflicts == ()
    other = "# 一\n\n甲另改\n\n乙\n\n丙"
    merge = merge_values({BODY_KEY: base}, {BODY_KEY: mine}, {BODY_KEY: other})
    (conflict,) = merge.conflicts
    assert conflict_values(conflict) == ("正文第2段", "甲\n\n", "甲改\n\n", "甲另改\n\n")
    choices = {conflict.id: Choice(Side.MINE)}
    merge = merge_values({BODY_KEY: base}, {BODY_KEY: mine}, {BODY_KEY: other}, choices)
    assert merge.tree == {BODY_KEY: mine}


def test_edits_of_an_older_version_are_moved_to_the_present_one() -> None:
    theirs = with_edits(ValueEdit(("指标", 0), row("零"), EditKind.INSERT))
    merge = rebase_edits(BASE, [ValueEdit(("指标", 0, "得分"), "5")], theirs)
    assert merge.edits == (ValueEdit(("指标", 1, "得分"), "5"),)


NAMES = st.sampled_from("一二三四五六")
ROWS = st.lists(
    st.fixed_dictionaries({"名": NAMES, "数": st.sampled_from("123")}),
    max_size=4,
    unique_by=lambda entry: entry["名"],
)
TREES = st.fixed_dictionaries({"甲": st.sampled_from("123"), "表": ROWS})


@given(TREES, TREES, TREES)
def test_nothing_is_lost_in_a_merge(base: Tree, mine: Tree, theirs: Tree) -> None:
    """Whatever one side alone changed is in the outcome, and all conflicts settled for one side give its values."""
    assert same_values(merge_values(base, mine, base).tree, mine)
    assert same_values(merge_values(base, base, theirs).tree, theirs)
    merge = merge_values(base, mine, theirs)
    assert same_values(apply_edits(theirs, merge.edits), merge.tree)
    choices = {conflict.id: Choice(Side.THEIRS) for conflict in merge.conflicts}
    settled = merge_values(base, mine, theirs, choices)
    assert settled.conflicts == ()
    mirrored = merge_values(base, theirs, mine)
    assert len(mirrored.conflicts) == len(merge.conflicts)
    assert isinstance(base, dict)
    assert isinstance(mine, dict)
    assert isinstance(merge.tree, dict)
    if mine["甲"] != base["甲"] and not any(
        conflict.place == ("甲",) for conflict in merge.conflicts
    ):
        assert merge.tree["甲"] == mine["甲"]


def test_a_body_is_a_place() -> None:
    assert BODY == (BODY_KEY,)

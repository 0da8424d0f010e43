"""Command that explains the rules."""

import unicodedata

import click

from gongkai.checks.registry import RULES
from gongkai.model.schema import find_nearest
from gongkai.pages.rules import render_rule_text


@click.command()
@click.argument("rule_id", metavar="[规则]", required=False)
@click.pass_context
def rules(context: click.Context, rule_id: str | None) -> None:
    """列出全部校验规则；写明规则（例如 DF-03，或它的名称）则说明这一条。"""
    name = unicodedata.normalize("NFKC", rule_id or "").upper()
    named = next((rule for rule in RULES if name in {rule.id, rule.name}), None)
    listed = [rule for rule in RULES if rule.id.startswith(name)]
    if named:
        click.echo(render_rule_text(named), nl=False)
        return
    for rule in listed:
        first_line = rule.text.strip().split("\n")[0]
        click.echo(f"{rule.id} {''.join(rule.levels)} {rule.name}：{first_line}")
    if not listed:
        nearest = find_nearest(name, [word for rule in RULES for word in (rule.id, rule.name)])
        hint = f"是否应为“{nearest}”？" if nearest else "全部规则用 gongkai rules 列出"
        click.echo(f"没有规则“{rule_id}”；{hint}", err=True)
        context.exit(2)

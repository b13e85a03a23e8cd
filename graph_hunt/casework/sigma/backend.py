"""pySigma's backend to DuckDB: a rule's condition as SQL over one event table; all comparisons are two-valued."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sigma.conditions import ConditionFieldEqualsValueExpression, ConditionValueExpression
from sigma.conversion.base import TextQueryBackend
from sigma.conversion.state import ConversionState
from sigma.exceptions import SigmaFeatureNotSupportedByBackendError
from sigma.rule import SigmaRule
from sigma.types import (
    CompareOperators,
    SigmaCompareExpression,
    SigmaFieldReference,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SpecialChars,
)

from graph_hunt.casework.sigma.sources import Source, literal

_OPERATORS: Mapping[CompareOperators, str] = {
    CompareOperators.LT: "<",
    CompareOperators.LTE: "<=",
    CompareOperators.GT: ">",
    CompareOperators.GTE: ">=",
}
_FLAGS = {
    SigmaRegularExpressionFlag.IGNORECASE: "i",
    SigmaRegularExpressionFlag.MULTILINE: "m",
    SigmaRegularExpressionFlag.DOTALL: "s",
}
_RAW = "raw"


class DuckDBBackend(TextQueryBackend):
    """Converts rules of one log source."""

    name: ClassVar[str] = "graph-hunt event store (DuckDB)"
    formats: ClassVar[dict[str, str]] = {"default": "SQL conditions"}
    requires_pipeline: ClassVar[bool] = False
    parenthesize: bool = True
    group_expression: ClassVar[str | None] = "({expr})"
    or_token: ClassVar[str] = "OR"
    and_token: ClassVar[str] = "AND"
    not_token: ClassVar[str] = "NOT"
    eq_token: ClassVar[str] = "="
    empty_or_expression: ClassVar[str | None] = "false"
    empty_and_expression: ClassVar[str | None] = "true"

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source

    def convert_condition_field_eq_val_str(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """Compare text, without regard to case."""
        return matches(self._source.sql(cond.field), _text(cond.value), fold=True)

    def convert_condition_field_eq_val_str_case_sensitive(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """Compare text to the letter."""
        return matches(self._source.sql(cond.field), _text(cond.value), fold=False)

    def convert_condition_field_eq_val_num(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """Compare a number as it is written."""
        return _sure(f"{self._source.sql(cond.field)} = {literal(str(cond.value))}")

    def convert_condition_field_eq_val_bool(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """Compare with true or false."""
        word = "true" if getattr(cond.value, "boolean", False) else "false"
        return _sure(f"lower({self._source.sql(cond.field)}) = '{word}'")

    def convert_condition_field_eq_val_re(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """Match a regular expression."""
        return _regular(self._source.sql(cond.field), cond.value)

    def convert_condition_field_compare_op_val(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """Compare numbers."""
        if not isinstance(cond.value, SigmaCompareExpression) or cond.value.op not in _OPERATORS:
            raise SigmaFeatureNotSupportedByBackendError("this comparison is not supported")
        number = float(str(cond.value.number))
        return _sure(f"TRY_CAST({self._source.sql(cond.field)} AS DOUBLE) {_OPERATORS[cond.value.op]} {number!r}")

    def convert_condition_field_eq_field(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """Compare two fields."""
        if not isinstance(cond.value, SigmaFieldReference):
            raise SigmaFeatureNotSupportedByBackendError("this comparison is not supported")
        one, other = (f"lower({self._source.sql(name)})" for name in (cond.field, cond.value.field))
        if cond.value.starts_with and cond.value.ends_with:
            return _sure(f"contains({one}, {other})")
        if cond.value.starts_with:
            return _sure(f"starts_with({one}, {other})")
        return _sure(f"ends_with({one}, {other})" if cond.value.ends_with else f"{one} = {other}")

    def convert_condition_field_eq_val_null(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """Tell that a field says nothing."""
        return f"coalesce({self._source.sql(cond.field)}, '') = ''"

    def convert_condition_field_exists(self, cond: ConditionFieldEqualsValueExpression, state: ConversionState) -> str:
        """Tell that a field is there."""
        return f"({self._source.sql(cond.field)}) IS NOT NULL"

    def convert_condition_field_not_exists(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """Tell that a field is not there."""
        return f"({self._source.sql(cond.field)}) IS NULL"

    def convert_condition_val_str(self, cond: ConditionValueExpression, state: ConversionState) -> str:
        """Look for a word anywhere in the original record."""
        anywhere = (SpecialChars.WILDCARD_MULTI, *_text(cond.value).s, SpecialChars.WILDCARD_MULTI)
        return matches(_RAW, anywhere, fold=True)

    def convert_condition_val_num(self, cond: ConditionValueExpression, state: ConversionState) -> str:
        """Look for a number anywhere in the original record."""
        return _sure(f"contains({_RAW}, {literal(str(cond.value))})")

    def convert_condition_val_re(self, cond: ConditionValueExpression, state: ConversionState) -> str:
        """Match a regular expression anywhere in the original record."""
        return _regular(_RAW, cond.value)

    def convert_condition_field_eq_query_expr(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """Refuse another backend's own language."""
        raise SigmaFeatureNotSupportedByBackendError("a query expression is another backend's")

    def convert_condition_query_expr(self, cond: ConditionValueExpression, state: ConversionState) -> str:
        """Refuse another backend's own language."""
        raise SigmaFeatureNotSupportedByBackendError("a query expression is another backend's")

    def convert_condition_field_eq_val_timestamp_part(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> str:
        """Refuse parts of times."""
        raise SigmaFeatureNotSupportedByBackendError("parts of times are not supported")


def condition(rule: SigmaRule, source: Source) -> str:
    """Write a rule's conditions as one SQL condition; raises pySigma's errors, or `InputError` for a field."""
    parts = DuckDBBackend(source).convert_rule(rule)
    return " OR ".join(f"({part})" for part in parts)


def matches(sql: str, value: Any, *, fold: bool) -> str:
    """Write that a text is a value, whose `*` and `?` stand for any text and any letter."""
    parts = tuple(value.s if isinstance(value, SigmaString) else value)
    if any(not isinstance(part, str | SpecialChars) for part in parts):
        raise SigmaFeatureNotSupportedByBackendError("a placeholder has no value here")
    shown = f"lower({sql})" if fold else f"({sql})"
    many = SpecialChars.WILDCARD_MULTI

    def word(part: Any) -> str:
        return literal(part.lower() if fold else part)

    match parts:
        case ():
            return f"coalesce({sql}, '') = ''"
        case (str(),):
            return _sure(f"{shown} = {word(parts[0])}")
        case (first, str(), last) if first is many and last is many:
            return _sure(f"contains({shown}, {word(parts[1])})")
        case (first, str()) if first is many:
            return _sure(f"ends_with({shown}, {word(parts[1])})")
        case (str(), last) if last is many:
            return _sure(f"starts_with({shown}, {word(parts[0])})")
        case (only,) if only is many:
            return f"({sql}) IS NOT NULL"
    pattern = "".join(_like(part) for part in parts)
    return _sure(f"{shown} LIKE {literal(pattern.lower() if fold else pattern)} ESCAPE '!'")


def _like(part: Any) -> str:
    if isinstance(part, str):
        return part.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return "%" if part is SpecialChars.WILDCARD_MULTI else "_"


def _text(value: Any) -> SigmaString:
    if not isinstance(value, SigmaString):
        raise SigmaFeatureNotSupportedByBackendError(f"{type(value).__name__} is not supported")
    return value


def _regular(sql: str, value: Any) -> str:
    if not isinstance(value, SigmaRegularExpression):
        raise SigmaFeatureNotSupportedByBackendError("this expression is not supported")
    flags = "".join(sorted(_FLAGS[flag] for flag in value.flags))
    return _sure(f"regexp_matches({sql}, {literal(value.regexp.original)}, '{flags}')")


def _sure(expression: str) -> str:
    # What a record does not say is not so: SQL's third value would make NOT of it no match either.
    return f"coalesce({expression}, false)"

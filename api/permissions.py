"""The table of permissions: the role that each route and each root field demands; what is not in it is for admins."""

from collections.abc import Iterator
from typing import Any

from graphql import FieldNode, GraphQLError, ValidationRule
from strawberry.extensions import SchemaExtension

from graph_hunt.casework.access import Caller, Role

PUBLIC = ("/healthz", "/readyz", "/", "/assets/", "/favicon.ico", "/favicon.svg", "/graphql", "/graphiql/")
"""Paths that anyone may read, for they say nothing of what is loaded: health, and the page's files. One that ends in a
slash stands for all below it, but the page itself."""

ROUTES: tuple[tuple[str, str, Role], ...] = (
    ("POST", "/graphql", Role.READER),
    ("WEBSOCKET", "/graphql", Role.READER),
    ("POST", "/ingest/", Role.ANALYST),
    ("POST", "/load", Role.RESPONDER),
    ("GET", "/hunts/", Role.ANALYST),
    ("GET", "/cases/", Role.READER),
    ("GET", "/metrics", Role.READER),
    ("GET", "/openapi.json", Role.READER),
)
"""Method, path (one that ends in a slash stands for all below it), role."""

FIELDS: dict[str, Role] = {
    "Query.node": Role.READER,
    "Query.status": Role.READER,
    "Query.entity": Role.READER,
    "Query.entities": Role.READER,
    "Query.cypher": Role.ADMIN,
    "Query.hunts": Role.READER,
    "Query.evidence": Role.READER,
    "Query.blastRadius": Role.READER,
    "Query.containment": Role.READER,
    "Query.path": Role.READER,
    "Query.identities": Role.READER,
    "Query.search": Role.READER,
    "Query.run": Role.READER,
    "Query.runs": Role.READER,
    "Query.hunt": Role.READER,
    "Query.rank": Role.READER,
    "Query.baseline": Role.READER,
    "Query.ingest": Role.READER,
    "Query.timeline": Role.READER,
    "Query.signIns": Role.READER,
    "Query.signInsFrom": Role.READER,
    "Query.incidents": Role.READER,
    "Query.coverage": Role.READER,
    "Query.upload": Role.READER,
    "Query.uploads": Role.READER,
    "Mutation.cancelUpload": Role.RESPONDER,
    "Query.loads": Role.READER,
    "Query.doctor": Role.ANALYST,
    "Query.audit": Role.ADMIN,
    "Query.tokens": Role.ADMIN,
    "Mutation.createToken": Role.ADMIN,
    "Mutation.revokeToken": Role.ADMIN,
    "Subscription.loadProgress": Role.READER,
    "Query.events": Role.READER,
    "Mutation.runHunt": Role.ANALYST,
    "Subscription.runProgress": Role.READER,
    "Mutation.cancelRun": Role.ANALYST,
    "Mutation.runHunts": Role.ANALYST,
    "Query.case": Role.READER,
    "Query.cases": Role.READER,
    "Query.caseTemplates": Role.READER,
    "Mutation.runCase": Role.ANALYST,
    "Mutation.listCaseHosts": Role.ANALYST,
    "Mutation.clearCaseHost": Role.RESPONDER,
    "Mutation.proposeResponses": Role.ANALYST,
    "Mutation.openCase": Role.ANALYST,
    "Mutation.changeCase": Role.ANALYST,
    "Mutation.closeCase": Role.ANALYST,
    "Mutation.reopenCase": Role.ANALYST,
    "Mutation.addHypothesis": Role.ANALYST,
    "Mutation.changeHypothesis": Role.ANALYST,
    "Mutation.addNote": Role.ANALYST,
    "Mutation.pinEvents": Role.ANALYST,
    "Mutation.pinEdges": Role.ANALYST,
    "Mutation.saveView": Role.ANALYST,
    "Mutation.runInCase": Role.ANALYST,
    "Mutation.repeatCaseRun": Role.ANALYST,
    "Mutation.judgeFinding": Role.ANALYST,
    "Mutation.keepFinding": Role.ANALYST,
    "Mutation.addResponse": Role.ANALYST,
    "Mutation.addRecommendation": Role.ANALYST,
    "Mutation.addFeedback": Role.ANALYST,
    "Mutation.withdrawFromCase": Role.ANALYST,
    "Mutation.changeResponse": Role.RESPONDER,
    "Query.detections": Role.READER,
    "Query.detection": Role.READER,
    "Query.detectionProposal": Role.ANALYST,
    "Query.channels": Role.READER,
    "Query.alerts": Role.READER,
    "Query.alert": Role.READER,
    "Subscription.newAlerts": Role.READER,
    "Mutation.settleAlerts": Role.ANALYST,
    "Mutation.detect": Role.ANALYST,
    "Mutation.tryChannel": Role.RESPONDER,
    "Mutation.addDetection": Role.RESPONDER,
    "Mutation.changeDetection": Role.RESPONDER,
    "Mutation.removeDetection": Role.RESPONDER,
    "Mutation.allowInDetection": Role.RESPONDER,
    "Mutation.forbidInDetection": Role.RESPONDER,
    "Query.countries": Role.READER,
    "Query.countriesMet": Role.READER,
    "Mutation.setCountries": Role.RESPONDER,
    "Query.indicators": Role.READER,
    "Query.indicator": Role.READER,
    "Query.indicatorExport": Role.READER,
    "Mutation.addIndicator": Role.ANALYST,
    "Mutation.importIndicators": Role.ANALYST,
    "Mutation.promoteFinding": Role.ANALYST,
    "Mutation.allowIndicator": Role.RESPONDER,
    "Mutation.forbidIndicator": Role.RESPONDER,
    "Mutation.expireIndicator": Role.RESPONDER,
    "Mutation.matchIndicators": Role.ANALYST,
    "Query.sigmaCheck": Role.READER,
    "Query.sigmaExport": Role.READER,
    "Mutation.runSigma": Role.ANALYST,
    "Mutation.addSigmaDetection": Role.RESPONDER,
}
"""Fields of GraphQL's roots."""

_ROOTS = ("Query", "Mutation", "Subscription")


def is_public(method: str, path: str) -> bool:
    """Anyone may read it."""
    return method in ("GET", "HEAD") and any(at(path, place) for place in PUBLIC)


def of_route(method: str, path: str) -> Role:
    """The role that a route demands."""
    for one, place, role in ROUTES:
        if one == method and at(path, place):
            return role
    return Role.ADMIN


def at(path: str, place: str) -> bool:
    """A path is at a place of these tables."""
    return path.startswith(place) if place.endswith("/") and place != "/" else path == place


def of_field(root: str, name: str) -> Role:
    """The role that a root's field demands; introspection is for all who may ask at all."""
    return Role.READER if name.startswith("__") else FIELDS.get(f"{root}.{name}", Role.ADMIN)


class Permissions(SchemaExtension):
    """Refuses a document before any of it runs, where it has a field that its sender may not ask for."""

    def on_validate(self) -> Iterator[None]:
        """Add the rule to those that the document must keep."""
        caller: Caller | None = getattr(self.execution_context.context, "caller", None)
        self.execution_context.validation_rules += (_rule(caller),)
        yield


def _rule(caller: Caller | None) -> type[ValidationRule]:
    class Allowed(ValidationRule):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            parent = self.context.get_parent_type()
            if parent is None or parent.name not in _ROOTS:
                return
            name = f"{parent.name}.{node.name.value}"
            wanted = of_field(parent.name, node.name.value)
            if caller is None or not caller.role.covers(wanted):
                has = "no token" if caller is None else caller.role.value
                code = "UNAUTHENTICATED" if caller is None else "FORBIDDEN"
                words = f"{name} is for the role {wanted.value}; you have {has}"
                self.report_error(GraphQLError(words, node, extensions={"code": code, "role": wanted.value}))

    return Allowed

"""docs/openapi.yaml as the tests use it: what a route takes, and whether an answer is as it says.

Needs python3-yaml and python3-jsonschema, which belong to Debian's /usr/bin/python3.
"""

import copy
import json
import re

import jsonschema
import yaml

from e2e import harness

PATH = harness.ROOT / "docs/openapi.yaml"
FOLDER = "/api/"
WORD = re.compile(r"`(\w+)`")

# OpenAPI 3.1.0, 4.8: of each object that the document is made of, the fields that it must have and may have.
# What stands behind "{}" is a map of such objects, behind "[]" a list; "schema" is judged by JSON Schema.
OBJECTS = {
    "document": ({"openapi", "info", "paths"}, {"info": "info", "servers": "server[]", "paths": "path{}",
                 "security": None, "tags": "tag[]", "components": "components", "openapi": None}),
    "info": ({"title", "version"}, dict.fromkeys(("title", "version", "description", "summary", "license"))),
    "server": ({"url"}, dict.fromkeys(("url", "description", "variables"))),
    "tag": ({"name"}, dict.fromkeys(("name", "description"))),
    "path": (set(), {"post": "operation", "get": "stream"}),
    "stream": ({"operationId", "summary", "responses"},
               {"tags": None, "operationId": None, "summary": None, "description": None, "security": None,
                "responses": "response{}"}),
    "operation": ({"operationId", "summary", "requestBody", "responses"},
                  {"tags": None, "operationId": None, "summary": None, "description": None, "security": None,
                   "parameters": "parameter[]", "requestBody": "body", "responses": "response{}"}),
    "parameter": ({"name", "in"}, {"name": None, "in": None, "description": None, "required": None,
                                   "schema": "schema"}),
    "body": ({"content"}, {"content": "media{}", "required": None, "description": None}),
    "media": ({"schema"}, {"schema": "schema"}),
    "response": ({"description"}, {"description": None, "headers": "header{}", "content": "media{}"}),
    "header": ({"schema"}, {"description": None, "required": None, "schema": "schema"}),
    "scheme": ({"type", "in", "name"}, dict.fromkeys(("type", "in", "name", "description"))),
    "components": (set(), {"securitySchemes": "scheme{}", "parameters": "parameter{}", "headers": "header{}",
                           "responses": "response{}", "schemas": "schema{}"}),
}


class OneOfEach(yaml.SafeLoader):
    """YAML 1.2 3.2.1.3: the keys of a mapping differ; PyYAML would take the last."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(set(keys)) != len(keys):
            raise AssertionError(f"a name stands there twice: {keys} {node.start_mark}")
        return super().construct_mapping(node, deep)


def closed(node):
    """The same schemas, in which an object has no field that is not named there."""
    if isinstance(node, list):
        return [closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: closed(one) for key, one in node.items()}
    if node.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


class Document:
    def __init__(self):
        with open(PATH, encoding="utf-8") as file:
            self.all = yaml.load(file, OneOfEach)
        self.strict = {"components": closed(self.all["components"])}
        self.operations = {path.removeprefix(FOLDER): of["post"] for path, of in self.all["paths"].items()
                           if "post" in of}

    # --- what it says --------------------------------------------------------------------------

    def find(self, node):
        """What a $ref leads to, with what stands beside it."""
        while isinstance(node, dict) and "$ref" in node:
            found = self.all
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = copy.copy(found) | {key: one for key, one in node.items() if key != "$ref"}
        return node

    def arguments(self, route):
        """{name: (kind, required)}, as the call "help" names kinds."""
        schema = self.find(self.operations[route]["requestBody"]["content"]["application/json"]["schema"])
        required = schema.get("required", [])
        return {name: (self._kind(self.find(one)), name in required)
                for name, one in schema.get("properties", {}).items()}

    @staticmethod
    def _kind(schema):
        kind = {"integer": "number", "boolean": "boolean", "array": "texts", "string": "text"}[schema["type"]]
        return "secret" if schema.get("format") == "password" else kind

    def result_fields(self, route):
        """Names of all fields of its answer, at any depth."""
        names, waiting = set(), [self.operations[route]["responses"]["200"]["content"]]
        while waiting:
            node = self.find(waiting.pop())
            if isinstance(node, dict):
                names |= node.get("properties", {}).keys()
                waiting += node.values()
            if isinstance(node, list):
                waiting += node
        return names

    def ways_in(self, route):
        """Names of the sessions that may call a route; none: everybody may."""
        ways = self.operations[route].get("security", self.all["security"])
        return {name for way in ways for name in way} - {"own_page", "origin"}

    def codes(self):
        """All codes that any route is said to give."""
        told = set()
        for of in self.operations.values():
            for status, one in of["responses"].items():
                if int(status if status.isdigit() else 0) >= 400:
                    told |= set(WORD.findall(self.find(one)["description"]))
        for name, schema in self.all["components"]["schemas"].items():
            if name.startswith("problem_of_"):
                for pair in schema["anyOf"]:
                    told |= set(pair["properties"]["code"]["enum"])
        return told

    # --- whether it is well-formed ---------------------------------------------------------------

    def faults(self):
        found = list(self._object("document", self.all, "#"))
        ids = [one["operationId"] for one in self.operations.values()]
        found += [f"operationId {one} twice" for one in ids if ids.count(one) > 1]
        text = json.dumps(self.all)
        for kind, parts in self.all["components"].items():
            for name in parts:
                if kind != "securitySchemes" and name != "problem_of_path" and \
                        f'"#/components/{kind}/{name}"' not in text:
                    found.append(f"nobody uses {kind}/{name}")
        tags = {one["name"] for one in self.all["tags"]}
        schemes = set(self.all["components"]["securitySchemes"])
        for name, one in self.operations.items():
            if not set(one["tags"]) <= tags:
                found.append(f"{name} has another tag")
            if not {key for way in one.get("security", []) for key in way} <= schemes:
                found.append(f"{name} has another way in")
        return found

    def _object(self, kind, node, where):
        if "$ref" in node:
            try:
                node = self.find(node)
            except (KeyError, TypeError):
                yield f"{where}: {node['$ref']} leads nowhere"
                return
        if kind == "schema":
            yield from self._schema(node, where)
            return
        must, may = OBJECTS[kind]
        yield from (f"{where} lacks {one}" for one in must - node.keys())
        yield from (f"{where} has {one}" for one in node.keys() - may.keys())
        for key, inner in may.items():
            if inner is None or key not in node:
                continue
            each = [("", node[key])]
            if inner.endswith("{}"):
                each = node[key].items()
            if inner.endswith("[]"):
                each = enumerate(node[key])
            for name, one in each:
                yield from self._object(inner.rstrip("{}[]"), one, f"{where}/{key}/{name}")

    def _schema(self, node, where):
        try:
            jsonschema.Draft202012Validator.check_schema(node)
        except jsonschema.SchemaError as why:
            yield f"{where}: {why.message}"
        for ref in re.findall(r'"\$ref": "([^"]*)"', json.dumps(node)):
            try:
                self.find({"$ref": ref})
            except (KeyError, TypeError):
                yield f"{where}: {ref} leads nowhere"
        if not set(node.get("required", [])) <= set(node.get("properties", {"status": 0, "code": 0, "detail": 0})):
            yield f"{where} must have what it does not name"

    # --- whether an answer is as it says -----------------------------------------------------------

    def is_of(self, schema, value):
        """The first fault, "" for none."""
        whole = jsonschema.Draft202012Validator(self.strict | closed(schema))
        return next((f"{list(one.absolute_path)}: {one.message}" for one in whole.iter_errors(value)), "")

    def judge(self, route, status, fields, octets):
        """The answer of a route as an object; raises where the document says something else."""
        responses = self.operations[route]["responses"]
        of = self.find(responses.get(str(status), responses["default"]))
        about = f"{route}: {status} {octets[:600]!r}"
        for name, header in of.get("headers", {}).items():
            header = self.find(header)
            if not re.search(header["schema"]["pattern"], fields.get(name, "")):
                raise AssertionError(f"{about}: {name} is {fields.get(name)!r}")
        if ("Set-Cookie" in fields) != ("Set-Cookie" in of.get("headers", {})):
            raise AssertionError(f"{about}: Set-Cookie")
        kind, media = next(iter(of["content"].items()))
        if fields["Content-Type"] != kind or fields["Cache-Control"] != "no-store":
            raise AssertionError(f"{about}: {fields}")
        said = json.loads(octets)
        if status == 200:
            fault = self.is_of(media["schema"], said)
        else:
            fault = self._judge_problem(responses, status, said)
        if fault:
            raise AssertionError(f"{about}: {fault}")
        return said

    def _judge_problem(self, responses, status, said):
        if fault := self.is_of({"$ref": "#/components/schemas/problem"}, said):
            return fault
        if said["status"] != status:
            return "another status in its body"
        own = self.find(responses.get(str(status), {})).get("description", "")
        if said["code"] in WORD.findall(own):
            return ""
        usual = self.find(responses["default"])["content"]["application/problem+json"]["schema"]
        return self.is_of(usual, said)


class Contract:
    """The calls of web/admin/src/api/contract.ts: {route: (arguments, result)} in TypeScript."""

    def __init__(self):
        source = re.sub(r"///.*", "", (harness.ROOT / "web/admin/src/api/contract.ts").read_text())
        self.shared = {name: above + body for name, above, body in re.findall(
            r"(?:interface|type) (\w+)(?: =| extends (\w+))? (\{[^\n]*\}|\{.*?\n\})", source, re.S)}
        calls = re.findall(r'^  "?([\w/-]+)"?: Call<(.*?)>;$', source, re.M | re.S)
        assert len(calls) == source.count(": Call<"), "calls that are written in another way"
        self.calls = {route: self._halves(both) for route, both in calls}

    @staticmethod
    def _halves(both):
        """At the comma that stands inside of nothing."""
        depth = 0
        for n, character in enumerate(both):
            depth += {"{": 1, "<": 1, "}": -1, ">": -1}.get(character, 0)
            if character == "," and depth == 0:
                return both[:n], both[n + 1:]
        raise AssertionError(both)

    def fields(self, text):
        """[(name, "?" or "")] of an object type and of all that it is made of."""
        before = None
        while text != before:
            before = text
            text = re.sub(r"\b[A-Z]\w+\b", lambda name: self.shared.get(name[0], name[0]), text)
        return re.findall(r"(\w+)(\??): ", text)

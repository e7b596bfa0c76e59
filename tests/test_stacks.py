"""User data of CloudFormation, SAM and CDK."""

from __future__ import annotations

from pathlib import PurePosixPath

from megalint.project.launches.facts import Certainty, Launch, UserData
from megalint.project.linkers import link
from megalint.source import Source

STACK = """AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  ApiUrl:
    Type: String
  Port:
    Type: String
    Default: '3001'
Resources:
  Web:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        UserData:
          Fn::Base64: !Sub |
            #!/bin/bash
            cd /opt/tickets/apps/web
            API_URL=${ApiUrl} REGION=${AWS::Region} PORT=${Port} HOST_NAME=${!HOSTNAME} \\
            pm2 start npm --name web -- start
"""


def launches(texts: dict[str, str]) -> list[Launch]:
    return list(
        link([Source(PurePosixPath(path), text) for path, text in texts.items()]).each(Launch)
    )


def test_sub_leaves_open_what_only_the_stack_knows() -> None:
    (launch,) = launches({"stack.yaml": STACK})
    assert launch.owner == "Web"
    assert launch.location.line == 18
    assert launch.environment["API_URL"].value.why == "the parameter ApiUrl"
    assert launch.environment["REGION"].value.why == "the stack's Region"
    assert launch.environment["PORT"].value.why == "it is one of several"
    assert launch.environment["HOST_NAME"].value.why == "the host's name"


def test_join_and_short_forms() -> None:
    stack = """Resources:
  Web:
    Type: AWS::EC2::Instance
    Properties:
      UserData: !Base64
        Fn::Join:
          - "\\n"
          - - "#!/bin/bash"
            - cd /opt/web
            - !Join ['', ['A=', !Ref Name, ' npm start']]
"""
    (launch,) = launches({"stack.yml": stack})
    assert launch.environment["A"].value.why == "Name"


def test_json() -> None:
    stack = """{"Resources": {"Web": {"Type": "AWS::AutoScaling::LaunchConfiguration", "Properties": {
      "UserData": {"Fn::Base64": {"Fn::Join": ["", ["#!/bin/bash\\n", "cd /opt/web\\n", "A=1 npm start\\n"]]}}
    }}}}"""
    (launch,) = launches({"stack.json": stack})
    assert launch.environment["A"].value.known == "1"


def test_text_that_is_not_encoded_never_arrives() -> None:
    (launch,) = launches(
        {
            "stack.yaml": STACK.replace("Fn::Base64: ", "").replace(
                "UserData:\n          ", "UserData: "
            )
        }
    )
    assert launch.starts is Certainty.NEVER
    assert "Fn::Base64" in (launch.note or "")


def test_broken_and_foreign_yaml_is_left_alone() -> None:
    for text in ("UserData: AWS::EC2::Instance: [", "a: &a [*a]\nUserData: AWS::EC2::Instance", ""):
        project = link([Source(PurePosixPath("x.yaml"), text)])
        assert list(project.each(UserData)) == []


def test_cdk() -> None:
    code = """import * as ec2 from 'aws-cdk-lib/aws-ec2';
const userData = ec2.UserData.forLinux();
userData.addCommands('cd /opt/web', 'export A=1', `B=2 npm start`);
new ec2.Instance(this, 'x', { userData: ec2.UserData.custom('#!/bin/bash\\ncd /opt/api\\nC=3 npm start\\n') });
"""
    found = {one.owner: one.environment for one in launches({"lib/stack.ts": code})}
    assert {name: one.value.known for name, one in found["userData"].items()} == {
        "A": "1",
        "B": "2",
    }
    assert {name: one.value.known for name, one in found["UserData.custom"].items()} == {"C": "3"}

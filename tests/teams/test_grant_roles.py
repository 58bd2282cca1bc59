"""Giving and taking back roles."""

import pytest

from projects.errors import NotAllowed
from projects.project import Project
from projects.teams import grants
from projects.teams.rights import holds


def test_a_role_given_to_a_person_gives_its_rights_and_no_others(make, mara, ann):
    project = make.project(mara)

    grants.give(project, role="annotator", to=ann, by=mara)

    assert holds(ann, "annotate", project)
    assert not holds(ann, "manage", project)
    assert list(Project.objects.where(ann, may="annotate")) == [project]
    assert not Project.objects.where(ann, may="review").exists()


def test_a_role_taken_back_takes_its_rights_but_not_those_of_another_role(make, mara, rita):
    project = make.project(mara, people=[(rita, "reviewer"), (rita, "annotator")])

    grants.withdraw(project, role="reviewer", to=rita, by=mara)

    assert holds(rita, "annotate", project)
    assert not holds(rita, "review", project)
    assert not holds(rita, "inspect", project)


def test_who_does_not_manage_gives_no_roles(make, mara, ann, theo):
    project = make.project(mara, people=[(ann, "annotator")])

    for somebody in (ann, theo):
        with pytest.raises(NotAllowed):
            grants.give(project, role="manager", to=somebody, by=somebody)


def test_a_manager_cannot_lock_herself_out(make, mara):
    project = make.project(mara)

    with pytest.raises(NotAllowed):
        grants.withdraw(project, role="manager", to=mara, by=mara)

"""Leases: who gets which assignment, for how long, and how it comes back."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction
from django.db.models.functions import Now
from django.utils import timezone

from projects.audit.models import Event
from projects.errors import Missing, NotAllowed
from projects.project import Project
from projects.teams import grants
from tasks.assignment import lease
from tasks.assignment.lease import LeaseLost, ProjectNotActive, TooManyLeases, free_lapsed, take, take_any
from tasks.assignment.models import Assignment, AssignmentStatus
from tasks.task import Status, Task


def lapse(*assignments):
    ids = [each.pk for each in assignments]
    Assignment.objects.filter(pk__in=ids).update(leased_until=Now() - timedelta(seconds=1))


def held(assignment, annotator):
    return {"annotator": annotator, "lease_token": assignment.lease_token}


class TestTake:
    def test_all_tasks_get_a_first_answer_before_any_gets_a_second(self, make, faces, ann, ben):
        tasks = [make.task(faces) for _ in range(3)]

        got = [take(faces, annotator=person) for person in (ann, ben, ann, ben)]

        assert [each.task for each in got] == [*tasks, tasks[0]]
        assert [each.number for each in got] == [1, 1, 1, 2]

    def test_she_never_gets_a_task_twice(self, make, faces, ann):
        make.task(faces, wanted=3)

        assert take(faces, annotator=ann)
        assert take(faces, annotator=ann) is None

    def test_the_lease_is_as_long_as_the_policy_says_by_the_databases_clock(self, make, mara, ann):
        project = make.project(mara, people=[(ann, "annotator")], lease_seconds=90)
        make.task(project)

        assignment = take(project, annotator=ann)

        assert assignment.leased_until - assignment.leased_at == timedelta(seconds=90)
        assert abs(assignment.leased_at - timezone.now()) < timedelta(seconds=5)
        assert Event.objects.get(verb="assignment.taken").facts == {"token": 1}

    def test_too_many_in_hand_are_refused_until_one_is_given_back_or_lapses(self, make, mara, ann):
        project = make.project(mara, people=[(ann, "annotator")], max_open_leases=2)
        for _ in range(3):
            make.task(project)
        first, _ = take(project, annotator=ann), take(project, annotator=ann)

        with pytest.raises(TooManyLeases):
            take(project, annotator=ann)

        lapse(first)
        assert take(project, annotator=ann)

    def test_a_lapsed_assignment_is_there_at_once_without_the_sweep(self, make, faces, ann, ben):
        make.task(faces, wanted=1)
        was = take(faces, annotator=ann)
        assert take(faces, annotator=ben) is None
        lapse(was)

        now = take(faces, annotator=ben)

        assert (now, now.lease_token, now.annotator) == (was, was.lease_token + 1, ben)

    def test_nothing_of_another_project_is_handed_out(self, make, faces, mara, ann):
        make.task(make.project(mara))

        assert take(faces, annotator=ann) is None

    def test_only_an_annotator_takes(self, make, faces, rita):
        make.task(faces)

        with pytest.raises(NotAllowed):
            take(faces, annotator=rita)

    def test_a_paused_project_hands_out_nothing(self, make, faces, ann):
        make.task(faces)
        faces.status = "paused"

        with pytest.raises(ProjectNotActive):
            take(faces, annotator=ann)

    @pytest.mark.django_db(transaction=True)
    def test_what_another_is_taking_is_skipped_not_waited_for(self, make, mara, ann):
        project = make.project(mara, people=[(ann, "annotator")])
        first, second = make.task(project, wanted=1), make.task(project, wanted=1)
        got = []

        def taking():
            got.append(take(project, annotator=ann))
            connections.close_all()

        with transaction.atomic():
            Assignment.objects.select_for_update().get(task=first)
            thread = Thread(target=taking)
            thread.start()
            thread.join(timeout=10)

        assert [each.task for each in got] == [second]

    @pytest.mark.django_db(transaction=True)
    def test_two_tabs_of_one_person_get_two_tasks(self, make, mara, ann):
        project = make.project(mara, people=[(ann, "annotator")], overlap=3)
        for _ in range(6):
            make.task(project)
        start, got = Barrier(6), []

        def taking():
            start.wait()
            got.append(take(project, annotator=ann))
            connections.close_all()

        threads = [Thread(target=taking) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len({each.task_id for each in got}) == 6


class TestTakeAny:
    def test_it_finds_work_in_whichever_project_there_is(self, make, faces, mara, ann):
        empty_for_her = make.task(faces, wanted=1)
        take(faces, annotator=ann)
        other = make.project(mara, people=[(ann, "annotator")])
        task = make.task(other)

        assert take_any(annotator=ann).task == task
        assert take_any(annotator=ann) is None
        assert empty_for_her.status == Status.OPEN

    def test_it_finds_what_lapsed(self, make, faces, ann, ben):
        make.task(faces, wanted=1)
        lapse(take(faces, annotator=ann))

        assert take_any(annotator=ben)

    def test_it_passes_over_projects_that_are_not_worked_on_or_not_hers(self, make, mara, ann):
        make.task(make.project(mara, people=[(ann, "annotator")], status="paused"))
        make.task(make.project(mara))

        assert take_any(annotator=ann) is None

    def test_full_hands_are_refused(self, make, mara, ann):
        project = make.project(mara, people=[(ann, "annotator")], max_open_leases=1)
        make.task(project)
        make.task(project)
        take_any(annotator=ann)

        with pytest.raises(TooManyLeases):
            take_any(annotator=ann)


class TestExtend:
    def test_it_counts_from_now(self, make, faces, ann):
        make.task(faces)
        was = take(faces, annotator=ann)
        Assignment.objects.filter(pk=was.pk).update(leased_until=Now() + timedelta(seconds=5))

        now = lease.extend(was.pk, **held(was, ann))

        assert now.leased_until > was.leased_at + timedelta(seconds=faces.rules.lease_seconds)
        assert Event.objects.filter(verb="assignment.extended", subject_id=str(was.pk)).exists()

    def test_also_when_it_has_lapsed_and_nobody_freed_it(self, make, faces, ann):
        make.task(faces)
        was = take(faces, annotator=ann)
        lapse(was)

        assert lease.extend(was.pk, **held(was, ann)).leased_until > timezone.now()

    def test_not_when_it_was_freed(self, make, faces, ann):
        make.task(faces)
        was = take(faces, annotator=ann)
        lapse(was)
        free_lapsed()

        with pytest.raises(LeaseLost):
            lease.extend(was.pk, **held(was, ann))

    def test_not_with_another_token(self, make, faces, ann):
        make.task(faces)
        was = take(faces, annotator=ann)

        with pytest.raises(LeaseLost):
            lease.extend(was.pk, annotator=ann, lease_token=7)

    def test_not_by_another(self, make, faces, ann, ben):
        make.task(faces)
        was = take(faces, annotator=ann)

        with pytest.raises(Missing):
            lease.extend(was.pk, **held(was, ben))

    def test_not_by_who_is_an_annotator_no_longer(self, make, faces, mara, ann):
        make.task(faces)
        was = take(faces, annotator=ann)
        grants.withdraw(faces, role="annotator", to=ann, by=mara)

        with pytest.raises(NotAllowed):
            lease.extend(was.pk, **held(was, ann))


class TestRelease:
    def test_anybody_may_take_it_then(self, make, faces, ann, ben):
        make.task(faces, wanted=1)
        was = take(faces, annotator=ann)

        lease.release(was.pk, **held(was, ann))

        assert take(faces, annotator=ben) == was

    def test_twice_is_once(self, make, faces, ann):
        make.task(faces)
        was = take(faces, annotator=ann)

        lease.release(was.pk, **held(was, ann))
        lease.release(was.pk, **held(was, ann))

        assert Event.objects.filter(verb="assignment.released").count() == 1

    def test_not_what_another_has_now(self, make, faces, ann, ben):
        make.task(faces, wanted=1)
        was = take(faces, annotator=ann)
        lapse(was)
        take(faces, annotator=ben)

        with pytest.raises(LeaseLost):
            lease.release(was.pk, **held(was, ann))

        assert Assignment.objects.get(pk=was.pk).annotator == ben

    def test_not_anothers(self, make, faces, ann, ben):
        make.task(faces)
        was = take(faces, annotator=ann)

        with pytest.raises(Missing):
            lease.release(was.pk, **held(was, ben))

    def test_of_a_parked_task_it_does_not_come_back(self, make, faces, ann):
        task = make.task(faces)
        was = take(faces, annotator=ann)
        Task.objects.filter(pk=task.pk).update(status=Status.ADJUDICATION)

        lease.release(was.pk, **held(was, ann))

        assert Assignment.objects.get(pk=was.pk).status == AssignmentStatus.WITHDRAWN


class TestFreeLapsed:
    def test_only_what_lapsed_is_freed_and_told(self, make, faces, ann, ben):
        make.task(faces)
        lapsed, live = take(faces, annotator=ann), take(faces, annotator=ben)
        lapse(lapsed)

        assert free_lapsed() == 1
        assert free_lapsed() == 0

        assert Assignment.objects.get(pk=lapsed.pk).status == AssignmentStatus.OPEN
        assert Assignment.objects.get(pk=live.pk).annotator == ben
        event = Event.objects.get(verb="assignment.lapsed")
        assert (event.subject_id, event.project_id, event.actor) == (str(lapsed.pk), faces.pk, None)
        assert event.facts == {"annotator": str(ann.pk)}

    def test_what_a_parked_task_no_longer_wants_does_not_come_back(self, make, faces, ann):
        task = make.task(faces)
        lapsed = take(faces, annotator=ann)
        lapse(lapsed)
        Task.objects.filter(pk=task.pk).update(status=Status.ADJUDICATION)

        assert free_lapsed() == 1

        assert Assignment.objects.get(pk=lapsed.pk).status == AssignmentStatus.WITHDRAWN

    def test_in_batches(self, make, faces, ann):
        for _ in range(7):
            make.task(faces)
        lapse(*[take(faces, annotator=ann) for _ in range(7)])

        assert free_lapsed(at_once=3) == 7

    def test_one_project_only(self, make, faces, mara, ann):
        other = make.project(mara, people=[(ann, "annotator")])
        make.task(faces), make.task(other)
        lapse(take(faces, annotator=ann), take(other, annotator=ann))

        assert free_lapsed(project=faces) == 1
        assert free_lapsed() == 1

    @pytest.mark.django_db(transaction=True)
    def test_a_submission_in_flight_is_not_waited_for(self, make, mara, ann):
        project = make.project(mara, people=[(ann, "annotator")])
        make.task(project)
        lapsed = take(project, annotator=ann)
        lapse(lapsed)
        freed = []

        def sweeping():
            freed.append(free_lapsed())
            connections.close_all()

        with transaction.atomic():
            Assignment.objects.select_for_update().get(pk=lapsed.pk)
            thread = Thread(target=sweeping)
            thread.start()
            thread.join(timeout=10)

        assert freed == [0]


def plan_of(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", values)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db
def test_the_statements_use_their_indexes(make, mara, ann):
    from tasks.assignment import sql
    from tasks.assignment.planning import plan

    project = make.project(mara, people=[(ann, "annotator")], overlap=3)
    for _ in range(1500):
        make.asset(project)
    plan(project, by=mara)
    for _ in range(20):
        take(project, annotator=ann)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tasks_assignment, tasks_task, projects_asset")

    values = {"project": project.pk, "person": ann.pk, "most": 100, "seconds": 60, "at_once": 100}
    claim, sweep = plan_of(sql.CLAIM, values), plan_of(sql.FREE_LAPSED, values)

    assert "Index Scan using assignment_open on tasks_assignment wanted" in claim
    assert "one_assignment_per_person_and_task" in claim
    assert "Seq Scan on tasks_assignment" not in claim
    assert "Sort" not in claim
    assert "assignment_lapsing" in sweep
    assert Project.objects.count() == 1

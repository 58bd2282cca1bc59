"""Taking, extending, giving back, skipping, answering, lapsing and withdrawing in any order, against a simple model."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from django.db.models.functions import Now
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from projects.audit.models import Event
from projects.errors import Refused
from tasks.annotation.draft import AlreadySubmitted
from tasks.annotation.models import Annotation, Draft
from tasks.annotation.submit import submit
from tasks.assignment import lease
from tasks.assignment.lease import LeaseLost
from tasks.assignment.models import Assignment
from tasks.assignment.skip import skip
from tasks.assignment.withdraw import reopen, withdraw
from tasks.task import Status, Task
from tests.make import a_project, a_task, an_answer
from tests.people import person

NAMES = ["ann", "ben", "cy", "dan"]
TASKS, OVERLAP = 2, 2
DEEDS = ["take"] * 5 + ["lapse"] * 2 + ["submit"] * 2 + ["skip", "sweep", "extend", "release", "withdraw", "reopen"]
number = iter(range(10**9))


@dataclass(eq=False)
class Held:
    """A lease as the person's own tool remembers it, whatever became of it since."""

    assignment: Assignment
    who: str
    state: str = "live"  # live, lapsed, freed, taken (by another or again), answered, skipped or released

    @property
    def key(self):
        return {"lease_token": self.assignment.lease_token}


class Work(RuleBasedStateMachine):
    @initialize(max_skips=st.sampled_from([0, 1, 1, 2]))
    def begin(self, max_skips):
        self.max_skips = max_skips
        tag = next(number)
        self.mara = person(f"mara-{tag}")
        self.people = {name: person(f"{name}-{tag}") for name in NAMES}
        roles = [(each, "annotator") for each in self.people.values()]
        self.project = a_project(self.mara, people=roles, overlap=OVERLAP, max_skips=max_skips)
        self.tasks = [a_task(self.project) for _ in range(TASKS)]
        self.status = {task.pk: Status.OPEN for task in self.tasks}
        self.answers, self.skips = Counter(), Counter()
        self.worked_on = set()  # (task, who) that ended in an answer or a skip: never offered again
        self.held: list[Held] = []

    def live(self):
        return [held for held in self.held if held.state in ("live", "lapsed")]

    def in_hand(self, task, who=None):
        return [held for held in self.live() if held.assignment.task_id == task and who in (None, held.who)]

    @rule(deed=st.sampled_from(DEEDS), who=st.sampled_from(NAMES), which=st.integers(0, 99))
    def work(self, deed, who, which):
        """One rule for all: of several, Hypothesis leaves some out of each run, and without taking nothing happens."""
        if deed == "take":
            self.take(who)
        elif deed in ("withdraw", "reopen"):
            getattr(self, deed)(self.tasks[which % TASKS])
        elif deed == "sweep":
            self.sweep()
        elif self.held:
            getattr(self, deed)(self.held[which % len(self.held)])

    def take(self, who):
        taken = lease.take(self.project, annotator=self.people[who])
        if taken is None:
            for task, status in self.status.items():
                is_hers = (task, who) in self.worked_on or self.in_hand(task, who)
                used = self.answers[task] + len([each for each in self.in_hand(task) if each.state == "live"])
                assert is_hers or status != Status.OPEN or used == OVERLAP, "an open assignment was not offered"
            self.freed_where_lapsed()
            return
        assert self.status[taken.task_id] == Status.OPEN
        assert (taken.task_id, who) not in self.worked_on
        if [each for each in self.in_hand(taken.task_id) if each.assignment.pk == taken.pk or each.who == who]:
            self.freed_where_lapsed()  # it was free again only because the pull freed what had lapsed
        assert not [each for each in self.in_hand(taken.task_id) if each.assignment.pk == taken.pk or each.who == who]
        for other in self.held:
            if other.assignment.pk == taken.pk:
                assert taken.lease_token > other.assignment.lease_token, "tokens grow"
                other.state = "taken" if other.state in ("freed", "released") else other.state
        self.held.append(Held(taken, who))

    def freed_where_lapsed(self):
        """The pull that found nothing freed what had lapsed."""
        for held in self.held:
            if held.state == "lapsed":
                held.state = "freed"

    def lapse(self, held):
        if held.state == "live":
            past = Now() - timedelta(seconds=1)
            Assignment.objects.filter(pk=held.assignment.pk).update(leased_until=past)
            held.state = "lapsed"

    def sweep(self):
        lapsed = [held for held in self.held if held.state == "lapsed"]
        assert lease.free_lapsed(project=self.project) == len(lapsed)
        self.freed_where_lapsed()

    def extend(self, held):
        is_taken = self.try_to(lambda who: lease.extend(held.assignment.pk, annotator=who, **held.key), held)
        assert is_taken == (held.state in ("live", "lapsed"))
        if is_taken:
            held.state = "live"

    def release(self, held):
        if held.state not in ("live", "lapsed"):
            return
        assert self.try_to(lambda who: lease.release(held.assignment.pk, annotator=who, **held.key), held)
        held.state = "released"

    def skip(self, held):
        deed = self.try_to(lambda who: skip(held.assignment.pk, annotator=who, reason="blurred", **held.key), held)
        if held.state not in ("live", "lapsed"):
            assert deed == (held.state == "skipped")
            return
        assert deed
        task, held.state = held.assignment.task_id, "skipped"
        self.worked_on.add((task, held.who))
        self.skips[task] += 1
        if self.status[task] == Status.OPEN and 0 < self.max_skips <= self.skips[task]:
            self.status[task] = Status.ADJUDICATION

    def submit(self, held):
        was_answered = held.state == "answered"
        deed = self.try_to(
            lambda who: submit(held.assignment.pk, annotator=who, attributes={}, seconds=1, **an_answer(), **held.key),
            held,
        )
        if held.state in ("skipped", "taken"):
            assert not deed
            return
        task = held.assignment.task_id
        if was_answered:
            assert deed
        elif held.state in ("live", "lapsed"):
            assert deed
            self.answered(held)
        elif deed:  # freed or released, and still free for her
            assert not self.in_hand(task, held.who)
            assert (task, held.who) not in self.worked_on
            self.answered(held)
        else:
            drafts = Draft.objects.filter(task=task, annotator=self.people[held.who])
            assert drafts.exists(), "a late answer is kept"

    def answered(self, held):
        task, held.state = held.assignment.task_id, "answered"
        self.worked_on.add((task, held.who))
        self.answers[task] += 1
        if self.answers[task] == OVERLAP and self.status[task] == Status.OPEN:
            self.status[task] = Status.MERGING

    def withdraw(self, task):
        withdraw(task, by=self.mara, reason="test")
        self.status[task.pk] = Status.WITHDRAWN
        for held in self.in_hand(task.pk):
            held.state = "freed"

    def reopen(self, task):
        was = self.status[task.pk]
        try:
            reopen(task, by=self.mara)
        except Refused:
            assert was not in (Status.WITHDRAWN, Status.OPEN)
        else:
            assert was in (Status.WITHDRAWN, Status.OPEN)
            self.status[task.pk] = Status.MERGING if self.answers[task.pk] == OVERLAP else Status.OPEN

    def try_to(self, deed, held):
        """Whether the deed was done; the database's own constraints never have to step in."""
        try:
            deed(self.people[held.who])
        except (LeaseLost, AlreadySubmitted):
            return False
        return True

    @invariant()
    def the_tables_say_what_the_model_says(self):
        for task in Task.objects.filter(project=self.project):
            assert task.status == self.status[task.pk]
            assert task.answers == self.answers[task.pk] == Annotation.objects.filter(task=task).count()
            statuses = Counter(Assignment.objects.filter(task=task).values_list("status", flat=True))
            if task.status == Status.OPEN:
                assert task.answers + statuses["open"] + statuses["leased"] == task.wanted
            else:
                assert statuses["open"] == 0, "nobody is asked about a task that is not open"
            assert statuses["leased"] == len(self.in_hand(task.pk))

    def teardown(self):
        taken = Event.objects.filter(project_id=self.project.pk, verb="assignment.taken").count()
        assert taken == len(self.held), "the trail tells of every lease"


@pytest.mark.django_db
def test_work_in_any_order():
    options = settings(
        max_examples=10,
        stateful_step_count=30,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Work, settings=options)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_a_busy_hour(seed):
    """The same model on long runs: Hypothesis finds the shortest way to a mistake, but keeps its examples short."""
    chance, crowd = Random(seed), Work()
    crowd.begin(max_skips=seed % 3)

    for _ in range(70):
        crowd.work(chance.choice(DEEDS), chance.choice(NAMES), chance.randrange(100))
        crowd.the_tables_say_what_the_model_says()

    crowd.teardown()

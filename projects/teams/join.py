"""Teams: founding one, and who is in it; joining and leaving take effect at once."""

from django.contrib.auth.models import Group
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from projects.audit.trail import record
from projects.errors import NotAllowed, Taken
from projects.ids import new_id
from projects.teams.models import Grant, Membership, Team, User
from projects.teams.rights import held_by, require_founder


def visible_to(user: User) -> models.QuerySet[Team]:
    """Teams that she founded, is in, or that work on a project she manages; an admin sees all."""
    if user.is_superuser:
        return Team.objects.all()
    managed = held_by(user, "manage", models.OuterRef("project"))
    from_grants = models.Exists(Grant.objects.filter(managed, team=models.OuterRef("pk")))
    in_it = models.Exists(Membership.objects.filter(team=models.OuterRef("pk"), user=user))
    return Team.objects.filter(Q(created_by=user) | Q(in_it) | Q(from_grants))


def found(name: str, *, by: User) -> Team:
    require_founder(by)
    team_id = new_id()
    try:
        with transaction.atomic():
            group = Group.objects.create(name=f"team {team_id}")
            team = Team.objects.create(pk=team_id, name=name, group=group, created_by=by)
            record("team.created", team, by=by, name=name)
    except IntegrityError:
        raise Taken(f"You already have a team called {name}. Choose another name.") from None
    return team


@transaction.atomic
def join(team: Team, user: User, *, by: User) -> Membership:
    """Put a person into the team; twice is once."""
    _require_own(team, by)
    membership, is_new = Membership.objects.get_or_create(team=team, user=user)
    if is_new:
        user.groups.add(team.group)
        record("team.joined", team, by=by, user=str(user.pk))
    return membership


@transaction.atomic
def leave(team: Team, user: User, *, by: User) -> None:
    _require_own(team, by)
    gone, _ = Membership.objects.filter(team=team, user=user).delete()
    user.groups.remove(team.group)
    if gone:
        record("team.left", team, by=by, user=str(user.pk))


def _require_own(team: Team, by: User) -> None:
    if not (by.is_superuser or team.created_by_id == by.pk):
        raise NotAllowed("Only who founded the team, or an admin, may say who is in it.")

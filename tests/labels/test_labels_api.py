"""The list of labels."""

from projects.labels.accept import accept
from tests.labels.test_accept import CONTENT
from tests.make import SQUARE

API = "/api/v1"


def test_the_current_labels_are_listed_with_where_they_come_from(as_, make, faces, mara, django_assert_max_num_queries):
    asset, other = make.asset(faces), make.asset(faces)
    accept(asset, **CONTENT, by=None)
    accept(asset, **(CONTENT | {"corrected": True}), by=None)
    accept(other, **(CONTENT | {"covariance": None}), by=None)
    client = as_(mara)

    with django_assert_max_num_queries(6):
        items = client.get(f"{API}/projects/{faces.pk}/labels").json()["items"]

    first, second = items
    assert (first["asset"], first["key"], first["version"], first["corrected"]) == (str(asset.pk), asset.key, 2, True)
    assert (first["points"], first["covariance"][0], first["covariance"][4]) == (SQUARE, [[1.0, 0.0], [0.0, 1.0]], None)
    assert second["covariance"] is None
    assert len(client.get(f"{API}/projects/{faces.pk}/labels?asset={asset.pk}").json()["items"]) == 1


def test_labels_are_for_those_who_inspect(as_, faces, mara, rita, ann, clea, theo):
    found = [as_(who).get(f"{API}/projects/{faces.pk}/labels").status_code for who in (mara, rita, ann, clea, theo)]

    assert found == [200, 200, 403, 403, 404]

"""What the demo says at its end: what to open, who to be, and commands that work when pasted."""

from orchestrator.demo.cast import CLIENT, MANAGER, REVIEWER, ROLES, Cast
from orchestrator.demo.world import LEFT_OPEN, PROJECT


def farewell(url: str, cast: Cast, *, project: str, release: str, admin_file: str) -> str:
    """Plain text; each command stands alone and needs curl, and python3 where it reads JSON."""
    people = "\n".join(f"  {role:<10} {name:<6} {cast.passwords[name]}" for name, role in ROLES.items())
    read = "python3 -c 'import json,sys; print(json.load(sys.stdin)[\"token\"])'"
    api, sends_json = f"{url}/api/v1", "-H 'Content-Type: application/json'"

    def log_in(name: str) -> str:
        body = f'{{"username": "{name}", "password": "{cast.passwords[name]}"}}'
        return f"{name.upper()}=$(curl -s '{api}/auth/token' {sends_json} -d '{body}' | {read})"

    def call(name: str, path: str, *more: str) -> str:
        return " ".join([f'curl -s -H "Authorization: Token ${name.upper()}"', *more, f"'{api}{path}'"])

    post = f"-X POST {sends_json} -d '{{}}'"
    return f"""
The project "{PROJECT}" is alive at {url}

Open in a browser
  {url}/                  sign in as one of these people
  {url}/api/v1/docs/      every path of the API

People (also in {cast.file}; the admin is in {admin_file})
{people}

Try
  # As ann: pull one of the {LEFT_OPEN} faces that nobody has answered.
  {log_in("ann")}
  {call("ann", f"/projects/{project}/pull", post)}

  # As rita: pull a face to review.
  {log_in(REVIEWER)}
  {call(REVIEWER, f"/projects/{project}/review/pull", post)}

  # As mara: how far the project is, every answer as it came, the merged tasks.
  {log_in(MANAGER)}
  {call(MANAGER, f"/projects/{project}/progress")}
  {call(MANAGER, f"/projects/{project}/answers")} | head -n 1
  {call(MANAGER, f"/tasks?project={project}&status=accepted&limit=1")}

  # As clea, the client: see the release, fetch the COCO file, and accept the delivery.
  {log_in(CLIENT)}
  {call(CLIENT, f"/releases/{release}")}
  {call(CLIENT, f"/releases/{release}/files/annotations.json", "-O")}
  {call(CLIENT, f"/releases/{release}/accept", post.replace("{}", '{"note": "Thank you."}'))}
"""

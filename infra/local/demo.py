"""``make demo``: the club at work over HTTP against the running platform, step by step."""

import sys

from infra.local import demo_gifts, demo_items, demo_purchases
from infra.local.demo_client import Client, DemoFailed
from infra.local.demo_data import PROGRAM
from infra.local.process import HOST, StartError
from infra.local.run import DEMO_FILE, chosen_port


def main() -> int:
    """Play the demo; 1 and one sentence when the platform does not answer."""
    try:
        play(f"http://{HOST}:{chosen_port()}")
    except (DemoFailed, StartError) as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def play(url: str) -> None:
    """From a scanned tag to points, from points to gifts, and who of the staff did what."""
    seen = Client(url).call("GET", f"/v1/programs/{PROGRAM}")
    if seen.status != 200 or not DEMO_FILE.exists():
        raise DemoFailed("Please wait until `make run` has loaded the demo club.")
    member = demo_items.play(url)
    demo_gifts.play(url, member)
    demo_purchases.play(url)
    print("\nDone: genuine → registered → points → a gift; bought → paid → returned. Each once.")


if __name__ == "__main__":
    sys.exit(main())

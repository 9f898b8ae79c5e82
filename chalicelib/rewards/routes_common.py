"""The room's operations hang here; its route modules fill it."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "rewards",
    "Rewards are what points are exchanged for. Staff write, publish and stock them and say where "
    "they are handed out; members see what they can afford and what they are short of. Staff give "
    "rewards and pick-up points their ids.",
)
CLUB = {"program": "jewels"}
REWARD = {"program": "jewels", "reward": "ring-box"}
POINT = {"program": "jewels", "point": "arbat-point"}
REWARDS_PATH = "/v1/staff/programs/{program}/rewards"
REWARD_PATH = REWARDS_PATH + "/{reward}"
POINTS_PATH = "/v1/staff/programs/{program}/points"

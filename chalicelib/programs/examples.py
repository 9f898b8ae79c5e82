"""A small document for the API document and the tests that play it."""

from typing import Any

DOCUMENT: dict[str, Any] = {
    "id": "jewels",
    "name": {"en": "Jewellery club", "ru": "Ювелирный клуб"},
    "zone": "Europe/Moscow",
    "currency": "RUB",
    "languages": ["ru", "en"],
    "unit": {
        "en": {"one": "point", "other": "points"},
        "ru": {"one": "балл", "few": "балла", "many": "баллов"},
    },
    "earning": {
        "item_points": {
            "default": 200,
            "by_sku": {"RING-585-17": 350},
            "by_category": {"ring": 300, "earrings": 250},
            "first_item_bonus": 500,
        }
    },
    "burn": {"type": "after", "count": 12, "unit": "month"},
    "kinds": {"buyer": {"joins": "active"}, "seller": {"joins": "applied"}},
    "rules_public": True,
    "rules": {
        "en": "Points are given for registered items and are not money.",
        "ru": "Баллы начисляются за зарегистрированные изделия и не являются деньгами.",
    },
}

"""What the mall sells and who sells it. Money is an integer in 分; numbers of things are strings."""
from dataclasses import dataclass
from itertools import product as combinations

from mall.licence import Licence


@dataclass(frozen=True)
class Shop:
    """`licence_shown` is how the licence page shows it: text, picture, exempt (then licence is None)."""
    id: str
    name: str
    slogan: str
    licence_shown: str
    licence: Licence | None
    score: str
    freight_fen: int
    free_freight_from_fen: int


@dataclass(frozen=True)
class Sku:
    """One choice of every option; `colour` tints the picture."""
    id: str
    choices: tuple
    list_fen: int
    colour: str

    @property
    def specification(self):
        """As the order line prints it: 颜色：云白；容量：20000mAh."""
        return "；".join(f"{name}：{value}" for name, value in self.choices) or "默认"


@dataclass(frozen=True)
class Product:
    """`coupon_fen` comes off once an order; `structured` is jsonld, microdata or none."""
    number: str
    shop: Shop
    title: str
    subtitle: str
    category: str
    brand: str
    picture: str
    options: tuple
    skus: tuple
    strike_fen: int
    coupon_fen: int
    structured: str
    attributes: tuple
    sold: int

    def sku(self, sku_id):
        """The SKU of that id; the first one where the id is none of them."""
        return next((sku for sku in self.skus if sku.id == sku_id), self.skus[0])


def make_skus(first_id, options, list_fen, steps, colours):
    """Every combination of the options. `steps` adds 分 for a choice's value; the first option may carry a colour."""
    skus = []
    for place, values in enumerate(combinations(*(values for _, values in options))):
        choices = tuple((name, value) for (name, _), value in zip(options, values, strict=True))
        price = list_fen + sum(steps.get(value, 0) for value in values)
        colour = next((colours[value] for value in values if value in colours), "#c9ced6")
        skus.append(Sku(str(first_id + place * 37), choices, price, colour))
    return tuple(skus)


class Catalogue:
    """Look-ups over the goods; immutable."""

    def __init__(self, shops, products):
        self.shops = {shop.id: shop for shop in shops}
        self.products = {product.number: product for product in products}

    @property
    def categories(self):
        """In the order of first appearance."""
        return list(dict.fromkeys(product.category for product in self.products.values()))

    def of_shop(self, shop_id):
        """The goods of one shop."""
        return [product for product in self.products.values() if product.shop.id == shop_id]

    def search(self, text):
        """Goods of which title, brand, category or shop holds every word; an empty text finds everything."""
        words = text.lower().split()
        return [product for product in self.products.values()
                if all(word in f"{product.title} {product.brand} {product.category} {product.shop.name}".lower()
                       for word in words)]

"""Names for runs that are not given one: an adjective, a noun and a number."""

from __future__ import annotations

import random

__all__ = ["random_run_name"]

_random = random.SystemRandom()  # drawing from the program's own stream would change its results

_ADJECTIVES = """
able agile airy amber ample apt avid azure balmy bold brave breezy bright brisk calm candid capable casual cheerful
chic civil classy clean clear clever cosy crafty crisp curious dainty dapper daring deft delicate eager earnest easy
elated elegant epic exact fair famous fancy fast fearless fine firm fleet fluent fond frank free fresh friendly funny
gentle gifted glad gleaming golden graceful grand grateful handy happy hardy hearty helpful honest hopeful humble
ideal jolly jovial joyful keen kind learned legal light likeable lively loyal lucid lucky magic mellow merry mighty
mild modest neat nimble noble novel open orderly painted patient peaceful placid plucky polite prime proud punctual
pure quaint quick quiet rare ready regal relaxed robust rosy rustic salty serene sharp shiny silent silver simple
sincere sleek smart smooth snug solid sparkling spirited spry stately steady stellar sturdy subtle sunny superb swift
tactful tender thorough tidy tireless tranquil trusty upbeat useful valiant vast velvet vivid warm wise witty worthy
zesty
"""
_NOUNS = """
acorn alder anchor antelope apricot aspen badger bamboo basil bay beacon beaver beech birch bison bobcat bridge brook
canary canyon cedar cherry clover comet condor coral cove crane cricket cypress dahlia daisy delta dolphin dove dune
eagle elk elm ember falcon fern finch fir fjord fox gazelle geyser ginger glacier grove gull harbor hare hawk hazel
heron hill holly hornet ibis iris island ivy jackal jaguar jasmine juniper kestrel kite koala lagoon lake lantern
larch lark laurel lemur lily lion llama lotus lynx magnolia magpie mango maple marten meadow meteor mint moose moss
moth nebula newt nutmeg oak oasis ocelot olive orchid oriole osprey otter owl palm panda parrot pebble pelican penguin
peony pepper pine planet plover plum poplar poppy prairie puffin quail quartz rabbit raven reef ridge river robin rook
rose sable saffron sage salmon seal sequoia shore shrew skylark sloth snipe sparrow spruce squid star stoat stork
stream summit swan swift sycamore tapir teal tern thistle thrush tiger toucan trout tulip tundra turtle valley violet
vole walnut walrus warbler weasel whale willow wolf wombat wren yak yew zebra
"""
_FIRST, _SECOND = _ADJECTIVES.split(), _NOUNS.split()


def random_run_name() -> str:
    """A name such as `brisk-heron-417`."""
    return f"{_random.choice(_FIRST)}-{_random.choice(_SECOND)}-{_random.randrange(1000)}"

"""The changes of the demo as plain rows: what was heard, what was decided, and how long each step took."""

from dataclasses import dataclass

from openroads.demo import people
from openroads.demo.season import PLUG_NEWS

TOLD_NL = "Dag {name}, je schreef dat dit beter moest. {change} Dank dat je het zei. {link}"
TOLD_EN = (
    "Hello {name}, you told us that this should be better. {change} Thank you for saying it. {link}"
)


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """One thread. `ago` is when the insight was opened, in days before today; `first` how long before it
    the first post stands; then the days from step to step, None where it has not come so far."""

    ago: int
    insight: str
    department: str
    first: int
    decide: int
    reason: str
    topic: str = ""
    query: str = ""
    kind: str = ""
    answer: str = "yes"
    number: int = 0
    title: str = ""
    about: str = ""
    owner: str = ""
    promised: int = 90
    live: int | None = None
    told: int | None = None
    what: str = ""
    proof: str = ""
    cost: int = 0
    cost_what: str = ""
    ceiling: int = 0
    agreed: str = ""
    key: str = ""
    yields: tuple[int, int, int] | None = None
    yields_what: str = ""
    stopped: int = 0
    stopped_why: str = ""
    said: tuple[str, str, str, str] | tuple[()] = ()
    """You said, in English and Dutch; we did, in English and Dutch."""
    back: tuple[str, ...] = ()
    by: people.PersonRow = people.SANNE


PLUG_LIVE = PLUG_NEWS
"""The stronger plug is on every bike from the day the season knows it as announced."""

PLANS = (
    ChangePlan(480, "Nobody finds where the frame number stands", "Service", 30, 12, "It costs the desk ten calls a day.",
        query="nummer OR number", number=1, title="The frame number on the first page of the app", owner="Mirthe Langeveld",
        live=75, told=10, what="The frame number stands on the first page of the app.", proof="App release 4.2", cost=2_400),
    ChangePlan(455, "Riders do not know what is in the yearly service", "Service", 21, 9, "We never wrote it down.",
        query="onderhoud OR service", number=2, title="A list of what the yearly service holds", owner="Sjoukje Miedema",
        live=60, told=7, what="Everybody gets the list with the invitation.", proof="Service card 25-03", by=people.DAAN),
    ChangePlan(430, "The rear light is too weak on a dark road", "Product", 40, 20, "The test riders say the same.",
        query="licht OR lamp OR light", number=3, title="A brighter rear light", about="Polder", owner="Nadia Chaouch",
        promised=100, live=110, told=14, what="Twice as bright on every new Polder.", proof="Test report 25-11", cost=18_200),
    ChangePlan(405, "People wait at the counter and do not know for how long", "Sales", 28, 14, "The shops asked for it too.",
        query="winkel OR shop", number=4, title="The waiting time on the door of every shop", owner="Marco Bruins",
        live=95, told=5, what="A board at the door says how long it takes.", proof="Photo, Utrecht", cost=3_100),
    ChangePlan(380, "The app asks for a password every morning", "Product", 35, 11, "One line of code, they say.",
        query="app", number=5, title="Stay signed in for a month", owner="Wessel Aarts", key="APP-231",
        live=82, told=9, what="The app keeps you signed in for thirty days.", proof="App release 4.4"),
    ChangePlan(365, "Riders want a bell that sounds less like a toy", "Product", 30, 18, "Two of the hundred posts were about ours.",
        query="bel OR bell OR design", answer="no", by=people.ILSE),
    ChangePlan(352, "The saddle sags after a summer", "Product", 42, 25, "Warranty says it is the clamp.",
        query="zadel OR saddle OR comfort", number=6, title="Another saddle clamp", about="Kade and Polder", owner="Koen Ruiter",
        promised=120, live=140, told=20, what="A steel clamp on every new bike.", proof="Service bulletin 25-22", cost=9_800, ceiling=12_000),
    ChangePlan(335, "Nobody says that parts are on their way", "Service", 30, 8, "A mail costs nothing.",
        topic="Waiting for a repair", number=7, title="A mail when the part arrives", owner="Hidde Zandberg",
        live=45, told=4, what="You get a mail on the day your part arrives.", proof="Mail of 3 February",
        said=("I bring the bike in and then hear nothing.", "Ik breng de fiets en dan hoor ik niets meer.",
              "You get a mail on the day your part arrives.", "Je krijgt een mail op de dag dat je onderdeel binnen is.")),
    ChangePlan(318, "Riders who moved keep getting letters at the old address", "Service", 25, 13, "It is also the law.",
        query="brief OR adres OR mail", number=8, title="Change your address yourself", owner="Lotte van Rijs",
        live=88, told=12, what="You change your address in the app.", proof="App release 4.6"),
    ChangePlan(300, "The rack rattles on cobbles", "Product", 56, 18, "A rubber of four cents.",
        query="geluid OR piept OR rammel* OR noise", number=9, title="Rubbers under the rack", about="Gracht", owner="Nadia Chaouch",
        live=120, told=8, what="Rubbers under every rack, and free at every shop.", proof="Service bulletin 26-02", cost=1_200),
    ChangePlan(284, "People do not find the price of a lease with insurance", "Sales", 34, 10, "They call to ask it.",
        topic="Price and lease", number=10, title="One price with everything in it", owner="Imke Bolt",
        live=70, told=6, what="The site shows one price a month, insurance included.", proof="Page of 12 May", by=people.NOOR,
        said=("What does it cost with insurance?", "Wat kost het mét verzekering?",
              "The site shows one price a month with everything in it.", "De site toont één prijs per maand met alles erin.")),
    ChangePlan(262, "The key of the battery is too thin", "Product", 28, 16, "It bends in the frost.",
        topic="Theft", number=11, title="A thicker key", owner="Eline Vroom",
        stopped=60, stopped_why="The new lock needs no key; that comes with the next model."),
    ChangePlan(246, "Test rides can only be booked by phone", "Sales", 30, 6, "We lose them on Sunday evening.",
        query="proefrit OR test OR winkel OR shop", number=12, title="Book a test ride on the site", owner="Youssef El Idrissi",
        live=52, told=9, what="You book a test ride on the site, day and night.", proof="Site, 8 June", cost=4_500),
    ChangePlan(228, "The display cannot be read in the sun", "Product", 48, 22, "Every reviewer says it.",
        query="display OR scherm OR screen OR app", number=13, title="A display with more contrast", about="Kade", owner="Wessel Aarts",
        promised=120, live=130, told=15, what="More contrast, by an update for every bike.", proof="Firmware 2.8", cost=7_400),
    ChangePlan(PLUG_LIVE + 115, "The latch snaps when the cable is pulled sideways", "Product", 49, 15,
        "One in eleven warranty repairs is this plug. It costs more than it saves.", topic="Charger plug",
        number=14, title="A stronger charger plug", about="Kade and Polder", owner="Tom Hendriks", ceiling=45_000,
        agreed="Product and Service agreed", key="KADE-112", live=100, told=6,
        what="Metal latch on every new bike; free swap for the 2025 Kade.", proof="service bulletin 26-17",
        cost=38_600, cost_what="1,140 swaps", yields=(6_300, 9_700, 13_900), yields_what="warranty swaps not needed",
        said=("The third charger plug in one year. The bike is great, that little plug is not.",
              "Derde laadstekker in één jaar. De fiets is top, dat stekkertje niet.",
              "A metal latch on every new bike. If you ride a 2025 Kade, every shop swaps the plug for free.",
              "Een metalen lipje op elke nieuwe fiets. Rijd je een Kade uit 2025? Elke winkel wisselt de stekker gratis om."),
        back=("Dat jullie dit nog wisten!", "Top, ik kom hem zaterdag laten wisselen.", "Eindelijk. Dank.")),
    ChangePlan(196, "Riders want to know how far before they buy", "Product", 30, 12, "They hold us to 140 km.",
        query="bereik OR range OR kilometer*", number=15, title="Range by speed on the site", about="Kade", owner="Mirthe Langeveld",
        live=90, told=11, what="The site says how far at 20, 25 and with a child.", proof="Page of 21 August", cost=2_900),
    ChangePlan(188, "Nobody answers a review on Sunday", "Service", 28, 15, "We would need two more people; an answer on Monday is fine.",
        query="review OR antwoord OR answer OR service", answer="no", by=people.DAAN,
        said=("Why does nobody answer on Sunday?", "Waarom antwoordt er op zondag niemand?",
              "We did not change this: an answer on Sunday would need two more people. You hear from us on Monday before noon.",
              "Dit hebben we niet veranderd: voor antwoord op zondag zijn twee mensen meer nodig. Je hoort ons maandag voor twaalf uur.")),
    ChangePlan(180, "The stand sinks into wet grass", "Product", 35, 14, "A wider foot, same mould.",
        query="regen OR rain OR gras", number=16, title="A wider foot for the stand", owner="Koen Ruiter",
        live=85, told=5, what="A wider foot on every new stand.", proof="Drawing 26-09", cost=5_600),
    ChangePlan(160, "Delivery comes without an hour", "Sales", 28, 13, "The carrier can tell it.",
        topic="Delivery", number=17, title="An hour with every delivery", owner="Anouk Seegers", key="SHOP-88",
        live=100, told=10, what="You get the hour the evening before.", proof="Carrier’s contract", cost=1_900),
    ChangePlan(141, "Repairs take weeks in August", "Service", 42, 17, "Two mechanics more in summer.",
        topic="Waiting for a repair", number=18, title="Two mechanics more in summer", owner="Hidde Zandberg",
        promised=100, live=95, what="From now on a repair takes at most nine days.", proof="Workshop plan, week 43", cost=21_000, ceiling=25_000),
    ChangePlan(130, "People want the brochure in German", "PR", 30, 20, "Four posts in a year.",
        query="talk OR pers OR nieuws OR windmee", answer="no"),
    ChangePlan(120, "The theft tracker asks for money after a year", "Product", 30, 9, "It should be in the price.",
        topic="Theft", number=19, title="Two years of tracking in the price", owner="Mirthe Langeveld",
        live=92, told=6, what="Two years of tracking are in the price.", proof="Terms of 5 November", cost=12_000),
    ChangePlan(104, "Riders with a child want a lower step", "Product", 33, 11, "A second frame, in spring.",
        query="kind OR kinderen OR child OR kids", number=20, title="A lower step for family bikes", about="Gracht", owner="Koen Ruiter",
        promised=80, key="FRAME-31", ceiling=60_000),
    ChangePlan(90, "Insurance asks for papers nobody has", "Sales", 28, 12, "We have them; we never sent them.",
        query="verzeker* OR insurance", number=21, title="Papers for the insurer in the app", owner="Imke Bolt", promised=110, key="APP-302"),
    ChangePlan(85, "Riders ask for a heavier bike to carry more", "Product", 30, 12, "First the lower step; then we look again.",
        query="zwaar OR gewicht OR heavy OR weight", answer="later"),
    ChangePlan(72, "The shop in Gent is closed when people have time", "Sales", 36, 19, "Thursday evening, as a trial.",
        query="winkel OR shop", number=22, title="Open on Thursday evening in Gent", owner="Tessa Wind", promised=75),
    ChangePlan(60, "The app forgets which bike is yours", "Product", 21, 8, "The same fault as in spring.",
        query="app", number=23, title="The app keeps your bike after an update", owner="Wessel Aarts", promised=60, key="APP-317"),
    ChangePlan(52, "Workshops cannot say when a part comes", "Service", 30, 5, "The supplier knows; we must ask.",
        topic="Waiting for a repair", number=24, title="The supplier’s date in the planner", owner="Hidde Zandberg", promised=90, key="PLAN-9"),
)  # fmt: skip
"""In the order in which the insights were opened."""

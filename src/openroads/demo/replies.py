"""What Windmee's agents answered: by language and by what was asked, signed with a first name."""

from random import Random

from openroads.archive.queries.cases import Collected
from openroads.directory.models import Person

NL = {
    "question": (
        "Hoi {name}, goede vraag. Onder de 5 graden haal je zo’n 60 tot 65% van je zomerbereik; binnen laden helpt. Is het minder? Dan kijken we je accu gratis na. Groet, {agent}",
        "Dag {name}, dat kan. In de app vind je het onder Mijn fiets, Instellingen. Kom je er niet uit, stuur ons dan je framenummer in een privébericht. Groet, {agent}",
        "Hoi {name}, we zoeken het voor je uit. Stuur je ons je framenummer en postcode in een privébericht? Dan hoor je het vandaag nog. {agent}",
    ),
    "complaint": (
        "Hoi {name}, dit had niet zo mogen gaan, sorry. Stuur je ons je ordernummer in een privébericht? Dan belt een collega je vandaag. Groet, {agent}",
        "Dag {name}, vervelend dat je zo lang wacht. We hebben je afspraak naar voren gehaald en bevestigen hem per mail. Groet, {agent}",
        "Hoi {name}, bedankt dat je het meldt. Dit hoort niet bij een fiets van twee jaar. Kom je langs in de winkel of zullen we hem ophalen? {agent}",
    ),
    "other": (
        "Hoi {name}, dank je voor je bericht. We geven het door aan de mensen die de fiets maken. Groet, {agent}",
        "Dag {name}, fijn dat je het deelt. Laat je weten als we iets kunnen doen? {agent}",
    ),
}
EN = {
    "question": (
        "Hi {name}, good question. Below 5 degrees count on 60 to 65% of your summer range; charging indoors helps. Less than that? We check your battery free of charge. {agent}",
        "Hello {name}, we will find out for you. Send us your frame number in a private message and you hear from us today. {agent}",
    ),
    "complaint": (
        "Hi {name}, this should not have gone like this, we are sorry. Send us your order number in private and a colleague calls you today. {agent}",
        "Hello {name}, thank you for telling us. Shall we collect the bike, or do you come to the shop? {agent}",
    ),
    "other": (
        "Hi {name}, thank you for writing. We pass it on to the people who make the bike. {agent}",
    ),
}


def reply_to(post: Collected, agent: Person, rng: Random) -> str:
    """An answer to a post, in its language."""
    texts = NL if post.language == "nl" else EN
    name = (post.author_name or post.author).split()[0] if (post.author_name or post.author) else ""
    chosen = rng.choice(texts.get(post.kind, texts["other"]))
    return chosen.format(name=name, agent=agent.name.split()[0])

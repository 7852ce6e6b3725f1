"""The help centre of Windmee, as plain rows: what riders ask most, in Dutch and English (all invented)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article: `words` people use for it, how many days ago it was checked, and what it says."""

    words: str
    checked: int
    title_nl: str
    body_nl: str
    title_en: str = ""
    body_en: str = ""
    state: str = "public"


ARTICLES = (
    ArticleRow(
        "accu, bereik, winter, kou, vorst, battery, range, cold", 20,
        "Hoe ver kom ik in de winter?",
        "Reken bij vorst op ongeveer een kwart minder bereik. Een koude accu geeft minder stroom; dat is geen defect en in het voorjaar is het weer over.\n\nZo kom je verder:\n- zet je fiets en accu binnen, het liefst boven de 10 graden\n- laad op kamertemperatuur, niet meteen na een koude rit\n- rijd de eerste kilometers in stand 1 of 2\n\nHaal je minder dan de helft? Laat de accu dan gratis nakijken: zie FAQ 4.",
        "How far do I get in winter?",
        "Count on about a quarter less range when it freezes. A cold battery gives less power; that is no defect, and in spring it is over.\n\nYou get further like this:\n- keep bike and battery inside, above 10 degrees if you can\n- charge at room temperature, not right after a cold ride\n- ride the first kilometres in mode 1 or 2\n\nLess than half? Have the battery checked for free: see FAQ 4.",
    ),
    ArticleRow(
        "laden, lader, opladen, stopcontact, charge, charger, charging", 34,
        "Hoe lang duurt opladen?",
        "Van leeg naar vol duurt vier uur met de gewone lader en tweeënhalf uur met de snellader. Tot 80 procent gaat het vlug, het laatste stuk langzamer; dat spaart de accu.\n\nJe hoeft niet te wachten tot hij leeg is. Elke dag bijladen mag.",
        "How long does charging take?",
        "Four hours from empty to full with the usual charger, two and a half with the fast one. It is quick up to 80 per cent and slower after that, which spares the battery.\n\nYou need not wait until it is empty. Charging every day is fine.",
    ),
    ArticleRow(
        "stalling, winterstalling, niet rijden, bewaren, storage, store", 61,
        "Ik rijd een tijd niet. Hoe bewaar ik de accu?",
        "Bewaar de accu half vol, binnen en droog, tussen de 10 en 20 graden. Laad hem elke twee maanden even bij tot de helft.\n\nEen accu die maanden leeg ligt, kan stukgaan. Dat valt niet onder de garantie.",
        "I do not ride for a while. How do I store the battery?",
        "Store it half full, inside and dry, between 10 and 20 degrees. Charge it to half every two months.\n\nA battery that lies empty for months can break. Warranty does not cover that.",
    ),
    ArticleRow(
        "accu, nakijken, capaciteit, accutest, versleten, nieuwe accu, battery test, worn", 45,
        "Wanneer is mijn accu aan vervanging toe?",
        "Een accu gaat zes tot acht jaar mee, of zo’n 700 keer vol laden. Daarna heb je nog ongeveer 70 procent van het bereik.\n\nWij testen hem gratis in elke winkel; het duurt een kwartier. Binnen vijf jaar en onder de 60 procent? Dan krijg je een nieuwe.",
        "When does my battery need replacing?",
        "A battery lasts six to eight years, or about 700 full charges. After that some 70 per cent of the range is left.\n\nWe test it for free in every shop; it takes a quarter of an hour. Within five years and under 60 per cent? Then you get a new one.",
    ),
    ArticleRow(
        "diefstal, verzekering, verzekeren, insurance, theft", 15,
        "Is mijn fiets verzekerd tegen diefstal?",
        "Niet vanzelf. Je kunt bij aankoop een diefstalverzekering nemen, of tot dertig dagen erna. Zij betaalt de dagwaarde, het eerste jaar de nieuwprijs.\n\nVoorwaarde: je zet hem vast met een slot van ART-categorie 2, en je hebt beide sleutels nog.",
        "Is my bike insured against theft?",
        "Not by itself. You can take theft insurance when you buy, or within thirty days. It pays the current value, in the first year the price when new.\n\nYou must lock it with an ART category 2 lock, and still have both keys.",
    ),
    ArticleRow(
        "gestolen, aangifte, kwijt, opsporen, stolen, police, tracking", 12,
        "Mijn fiets is gestolen. Wat nu?",
        "1. Zet hem in de app op gestolen; dan kan niemand de motor nog aanzetten.\n2. Doe aangifte bij de politie. Het framenummer staat in de app en op je aankoopbewijs.\n3. Stuur ons het nummer van de aangifte, dan zoeken wij mee met de zender in de fiets.\n\nGa er zelf niet achteraan.",
        "My bike was stolen. What now?",
        "1. Mark it as stolen in the app; then nobody can switch the motor on.\n2. Report it to the police. The frame number stands in the app and on your receipt.\n3. Send us the number of the report; we search along with the tracker in the bike.\n\nDo not go after it yourself.",
    ),
    ArticleRow(
        "sleutel, sleutels, slot, reservesleutel, key, keys, lock", 88,
        "Ik ben mijn sleutel kwijt",
        "Bestel een nieuwe met het nummer op de sleutelkaart die je bij aankoop kreeg. Het kost € 29 en duurt een week.\n\nKaart ook kwijt? Kom met je legitimatie en aankoopbewijs langs een winkel, dan vervangen we het slot.",
        "I lost my key",
        "Order a new one with the number on the key card you got with the bike. It costs € 29 and takes a week.\n\nCard lost too? Come to a shop with proof of identity and of purchase, and we replace the lock.",
    ),
    ArticleRow(
        "monteur, thuis, aan huis, afspraak, reparatie, mechanic, home, repair, appointment", 9,
        "Kan de monteur bij mij thuis komen?",
        "Ja, in heel Nederland en op werkdagen. Je kiest in de app een dag en een halve dag; de monteur belt een half uur van tevoren.\n\nVoorrijden kost € 25, of niets in het eerste jaar en bij lease.",
        "Can the mechanic come to my home?",
        "Yes, all over the Netherlands on working days. Choose a day and half a day in the app; the mechanic calls half an hour before.\n\nThe visit costs € 25, or nothing in the first year and with a lease.",
    ),
    ArticleRow(
        "onderhoud, beurt, servicebeurt, kilometers, maintenance, service", 70,
        "Hoe vaak moet mijn fiets een beurt?",
        "Na de eerste 300 kilometer, en daarna elk jaar of elke 2.500 kilometer. De app zegt het je.\n\nEen beurt kost € 89: remmen, ketting of riem, banden, software en een accutest.",
        "How often does my bike need a service?",
        "After the first 300 kilometres, then every year or every 2,500 kilometres. The app tells you.\n\nA service costs € 89: brakes, chain or belt, tyres, software and a battery test.",
    ),
    ArticleRow(
        "foutcode, E04, storing, scherm, error, code, display", 30,
        "Wat betekent foutcode E04?",
        "De accu zit niet goed vast of het contact is vuil. Haal hem eruit, veeg de contacten droog en klik hem terug tot je een tik hoort.\n\nBlijft E04 staan? Dan is de kabel los en kijkt een monteur ernaar. Doorfietsen zonder ondersteuning mag.",
        "What does error code E04 mean?",
        "The battery is not locked in place or its contact is dirty. Take it out, wipe the contacts dry and click it back until you hear it.\n\nStill E04? Then the cable is loose and a mechanic must look. You can ride on without support.",
    ),
    ArticleRow(
        "foutcode, E21, motor, ondersteuning, valt uit, error, cuts out", 30,
        "De ondersteuning valt uit en ik zie E21",
        "De motor is te warm, meestal na een lange klim of met veel lading. Wacht tien minuten en rijd verder in stand 1.\n\nZie je E21 ook op het vlakke, laat dan de motor nakijken.",
        "The support cuts out and I see E21",
        "The motor is too warm, mostly after a long climb or with a heavy load. Wait ten minutes and ride on in mode 1.\n\nIf you see E21 on the flat as well, have the motor checked.",
    ),
    ArticleRow(
        "lease, leasen, werkgever, maandbedrag, employer, monthly", 25,
        "Hoe werkt lease via mijn werkgever?",
        "Je werkgever huurt de fiets drie jaar en jij rijdt hem, ook privé. Het maandbedrag gaat van je brutoloon af; onderhoud, verzekering en de monteur aan huis zitten erin.\n\nDe prijs die je op onze site ziet is het bedrag per maand, niet de prijs van de fiets.",
        "How does a lease through my employer work?",
        "Your employer rents the bike for three years and you ride it, privately too. The monthly amount comes off your gross pay; service, insurance and the mechanic at home are included.\n\nThe price on our site is the amount a month, not the price of the bike.",
    ),
    ArticleRow(
        "lease, einde, overnemen, inleveren, ontslag, end, leaving", 52,
        "Mijn lease loopt af of ik ga weg bij mijn werkgever",
        "Na drie jaar kun je de fiets overnemen voor 17 procent van de prijs, inleveren of een nieuwe leasen.\n\nGa je eerder weg? Dan neem je de lease mee naar je nieuwe werkgever of koop je hem af. Vraag het bedrag aan in de app.",
        "My lease ends, or I leave my employer",
        "After three years you can take the bike over for 17 per cent of its price, hand it in or lease a new one.\n\nLeaving earlier? Take the lease to your new employer or buy it off. Ask for the amount in the app.",
    ),
    ArticleRow(
        "proefrit, testen, passen, winkel, test ride, try, shop", 40,
        "Kan ik een proefrit maken?",
        "Ja, in elke winkel, zonder afspraak. Neem je legitimatie mee. Voor de Polder kun je hem een weekend lenen voor € 40; koop je hem, dan krijg je dat terug.",
        "Can I take a test ride?",
        "Yes, in every shop, without an appointment. Bring proof of identity. You can borrow a Polder for a weekend for € 40, which you get back when you buy it.",
    ),
    ArticleRow(
        "levertijd, bestelling, wachten, geleverd, delivery, order, waiting", 5,
        "Wanneer wordt mijn fiets geleverd?",
        "De Kade en de Gracht komen binnen twee weken, de Polder binnen zes. De dag staat in je bestelling; verschuift die, dan hoor je het van ons.\n\nDuurt het vier weken langer dan beloofd, dan mag je kosteloos van de koop af.",
        "When is my bike delivered?",
        "Kade and Gracht come within two weeks, the Polder within six. The day stands in your order; when it shifts you hear from us.\n\nFour weeks later than promised? Then you may cancel without costs.",
    ),
    ArticleRow(
        "stekker, laadstekker, gebroken, oude stekker, plug, broken", 18,
        "De stekker van mijn lader is gebroken",
        "Laders van vóór maart 2025 hebben een stekker die kan breken. Je krijgt gratis een nieuwe: bestel hem met het nummer op de lader.\n\nGebruik een gebroken stekker niet meer, ook niet met plakband.",
        "The plug of my charger is broken",
        "Chargers made before March 2025 have a plug that can break. You get a new one for free: order it with the number on the charger.\n\nDo not use a broken plug, not even with tape.",
    ),
    ArticleRow(
        "app, verbinding, bluetooth, koppelen, update, connect, pairing", 22,
        "De app vindt mijn fiets niet meer",
        "Dat gebeurt soms na een update. Zo komt hij terug:\n1. Verwijder de fiets in de app en in de bluetooth-instellingen van je telefoon.\n2. Zet de fiets tien seconden uit en weer aan.\n3. Voeg hem opnieuw toe met de code onder het stuur.\n\nJe ritten en instellingen blijven bewaard.",
        "The app does not find my bike any more",
        "That sometimes happens after an update. To get it back:\n1. Remove the bike in the app and in the bluetooth settings of your phone.\n2. Switch the bike off for ten seconds, and on again.\n3. Add it anew with the code under the handlebar.\n\nYour rides and settings stay.",
    ),
    ArticleRow(
        "scherm, display, kilometers, klopt niet, voorspelling, wrong, estimate", 200,
        "Het scherm belooft meer kilometers dan ik haal",
        "Het getal rekent met je laatste vijftig kilometer en kent de kou van vandaag nog niet. Na een paar ritten in de winter klopt het weer.\n\nTel er bij vorst een kwart af.",
        "The display promises more kilometres than I get",
        "The figure is worked out from your last fifty kilometres and does not know today’s cold. After some rides in winter it is right again.\n\nTake off a quarter when it freezes.",
    ),
    ArticleRow(
        "remmen, piepen, piept, lawaai, brakes, squeak, noise", 110,
        "Mijn remmen piepen",
        "Nieuwe of natte remblokken piepen soms. Rem tien keer stevig van 20 naar 5 kilometer per uur, dan gaat het meestal over.\n\nPiept het na honderd kilometer nog, of remt hij slecht? Rijd dan niet verder en maak een afspraak.",
        "My brakes squeak",
        "New or wet pads sometimes squeak. Brake hard ten times from 20 to 5 kilometres an hour; mostly it stops.\n\nStill squeaking after a hundred kilometres, or braking badly? Stop riding and make an appointment.",
    ),
    ArticleRow(
        "kinderen, kinderzitje, bak, gordel, polder, children, seat, cargo", 64,
        "Hoeveel kinderen mogen er in de Polder?",
        "Twee kinderen tot zeven jaar in de bak, met gordels, en één in een zitje achterop. Samen niet meer dan 80 kilo voorin en 22 achterop.",
        "How many children may ride in the Polder?",
        "Two children up to seven years in the box, with belts, and one in a seat at the back. Together no more than 80 kilos in front and 22 at the back.",
    ),
    ArticleRow(
        "gewicht, zwaar, tillen, trap, weight, heavy, carry, stairs", 95,
        "Hoe zwaar is mijn fiets?",
        "De Gracht weegt 21 kilo, de Kade 26 en de Polder 41. De accu is 3 kilo; haal hem eruit voor je tilt.",
        "How heavy is my bike?",
        "The Gracht weighs 21 kilos, the Kade 26 and the Polder 41. The battery is 3 kilos; take it out before you lift.",
    ),
    ArticleRow(
        "retour, terugsturen, ruilen, bedenktijd, return, refund, exchange", 28,
        "Kan ik mijn fiets terugbrengen?",
        "Ja, binnen dertig dagen en met minder dan 100 kilometer op de teller. Je krijgt je geld binnen een week terug. Wij halen hem op.",
        "Can I return my bike?",
        "Yes, within thirty days and with less than 100 kilometres on it. You have your money back within a week. We collect it.",
    ),
    ArticleRow(
        "garantie, kapot, defect, warranty, broken", 16,
        "Wat valt onder de garantie?",
        "Vijf jaar op frame, motor en accu, twee jaar op de rest. Slijtage (banden, remblokken, ketting) en schade door vallen vallen er niet onder.\n\nGarantie werkt in elke winkel met je aankoopbewijs of de app.",
        "What does the warranty cover?",
        "Five years on frame, motor and battery, two years on the rest. Wear (tyres, pads, chain) and damage by a fall are not covered.\n\nIt works in every shop, with your receipt or the app.",
    ),
    ArticleRow(
        "wassen, schoonmaken, hogedruk, regen, clean, wash, rain", 230,
        "Mag ik mijn fiets met water schoonmaken?",
        "Met een emmer en een spons wel, met een hogedrukspuit niet: dat perst water in de motor. Haal eerst de accu eruit. Regen kan hij goed hebben.",
        "May I clean my bike with water?",
        "With a bucket and a sponge, yes; with a pressure washer, no: that forces water into the motor. Take the battery out first. Rain does no harm.",
    ),
    ArticleRow(
        "snelheid, opvoeren, 25, sneller, speed, faster", 120,
        "Kan mijn fiets harder dan 25 kilometer per uur?",
        "De ondersteuning stopt bij 25; dat is de wet. Zelf trappen mag sneller. Opvoeren doen we niet: garantie en verzekering vervallen en het is strafbaar.",
        "Can my bike go faster than 25 kilometres an hour?",
        "Support stops at 25; that is the law. You may pedal faster yourself. We do not tune it: warranty and insurance end, and it is an offence.",
    ),
    ArticleRow(
        "oude accu, inleveren, weggooien, recyclen, recycle, old battery", 3,
        "Waar laat ik mijn oude accu?",
        "Breng hem naar een van onze winkels. Gooi hem niet bij het huisvuil en stuur hem niet op: een beschadigde accu kan branden.",
        state="draft",
    ),
)  # fmt: skip

import type { Topic } from '../../types.ts';

/** Bookings, doors, calendars, access, in Finnish. {slots} are filled from the matter's facts. */
export const bookings: readonly Topic[] = [
  {
    id: 'move',
    by: 'contact',
    subjects: ['Vuoron siirto {date}', 'Varauksen {booking} siirtäminen', 'Voiko vuoron siirtää, tila {room}?'],
    ask: [
      [
        'Meillä on varaus numero {booking} tilassa {room} {onDay} {date} klo {time}–{time2}. Aika pitäisi siirtää alkamaan kello {time3}.',
        'Ryhmä {group} pyysi, että {onDay} {date} oleva vuoro (tila {room}, varaus {booking}) siirrettäisiin samalle päivälle klo {time3}–{time4}.',
        'Yritin siirtää varausta {booking} päivälle {date2}, mutta järjestelmä ilmoittaa, että vuoro on lukittu eikä sitä voi muokata.',
      ],
      [
        'Kalenterissa näyttää olevan vapaata, mutta tallennuspainike pysyy harmaana. Onko tässä jokin oikeusjuttu vai teenkö jotain väärin?',
        'Siirto koskee vain tätä yhtä kertaa, muut syksyn vuorot pysyvät ennallaan.',
        'Osallistujia on {n}, joten pienempi tila ei valitettavasti käy.',
      ],
    ],
    answer: [
      [
        'Siirsin varauksen {booking} alkamaan kello {time3}. Vahvistus lähti varaajalle sähköpostilla.',
        'Vuoro oli lukittu, koska se kuuluu kausivarauksen sarjaan. Avasin lukituksen tästä yhdestä kerrasta ja siirsin sen toivottuun aikaan.',
      ],
      [
        'Jatkossa siirron voi tehdä itse: avaa varaus, valitse "Irrota sarjasta" ja raahaa vuoro uuteen aikaan.',
        'Muihin sarjan vuoroihin ei koskettu, ja hinta pysyy samana.',
      ],
    ],
    more: [
      'Nyt vuoro näkyy oikein, mutta ovinäytössä lukee edelleen vanha aika {time}. Päivittyykö se itsestään?',
      'Varaaja soitti, ettei hän ole saanut vahvistusta. Voisitteko lähettää sen uudelleen?',
    ],
    done: [
      'Ovinäyttö hakee tiedot viiden minuutin välein, ja nyt siinä näkyy {time3}. Jos aika jää vielä jumiin, näytön voi käynnistää uudelleen virtakytkimestä.',
      'Vahvistus oli jäänyt odottamaan, koska varaajan osoitteessa oli kirjoitusvirhe. Korjasin osoitteen ja lähetin viestin uudelleen.',
    ],
    askFile: 'png',
  },
  {
    id: 'door',
    by: 'contact',
    subjects: ['Ovikoodi ei toimi: {room}', 'Ovi ei aukea koodilla', 'KIIRE: ryhmä oven takana ({room})'],
    ask: [
      [
        'Varaukselle {booking} lähetetty ovikoodi {code} ei avaa ovea. Tila on {room} ja vuoro alkoi klo {time}.',
        'Ryhmä {group} seisoo parhaillaan oven takana. Koodi {code} ei kelpaa, lukija vilkuttaa kolme kertaa punaista.',
        'Eilen klo {time} tilan {room} ovi ei auennut kenellekään, vaikka varaukset olivat kunnossa. Vahtimestari päästi ihmiset sisään.',
      ],
      [
        'Sama tapahtui viime viikolla {onDay}, joten tuskin on kyse näppäilyvirheestä.',
        'Voisitteko tarkistaa, menikö koodi lukolle asti? Lokista en itse näe kuin rivin "jonossa".',
        'Lukossa on uudet paristot, vaihdoimme ne maanantaina.',
      ],
    ],
    answer: [
      [
        'Lukko ei ollut yhteydessä palvelimeen klo {time} jälkeen, joten uudet koodit jäivät jonoon. Yhteys on nyt palautettu ja koodi {code} toimii.',
        'Koodi oli voimassa vasta kymmenen minuuttia ennen vuoron alkua. Muutin tilan {room} asetuksen 30 minuuttiin.',
      ],
      [
        'Katkoksen syy oli kohteen verkossa: laite {site} vaihtoi osoitetta yöllä. Suosittelemme sille kiinteää osoitetta.',
        'Lisäsin hälytyksen, josta saatte tekstiviestin, jos lukko on poissa linjoilta yli viisi minuuttia.',
      ],
    ],
    more: [
      'Kiitos nopeasta avusta! Nyt ovi aukeaa, mutta takaovi jää auki vuoron jälkeen. Kuuluuko sen lukittua itsestään?',
      'Toimii, mutta toinen ryhmä sai saman koodin. Eikö koodin pitäisi olla varauskohtainen?',
    ],
    done: [
      'Takaovi oli asetettu pitämään lukitus auki klo 22 asti. Nyt se lukittuu viisi minuuttia vuoron päättymisen jälkeen.',
      'Koodi on kohdekohtainen silloin, kun varaukset ovat peräkkäin ilman väliä. Otin käyttöön yksilölliset koodit koko kohteessa.',
    ],
  },
  {
    id: 'calendar',
    by: 'contact',
    subjects: ['Kalenterivienti ei päivity', 'iCal-linkki: tila {room}', 'Varaukset eivät näy Outlookissa'],
    ask: [
      [
        'Tilan {room} kalenterilinkki on tilattu Outlookiin, mutta varaus {booking} ({date} klo {time}) ei näy siellä.',
        'Kalenterivienti jätti pois kaikki varaukset, jotka ulottuvat keskiyön yli.',
        'Viedyssä kalenterissa ajat ovat tunnin väärin kellojen siirron jälkeen: {time} näkyy kello {time3}.',
      ],
      [
        'Selaimessa linkki avautuu ja tiedosto näyttää sisältävän {n} tapahtumaa.',
        'Kollegalla sama linkki toimii, joten epäilen omaa asetustani.',
        'Liitin mukaan tiedoston, jonka linkki antaa.',
      ],
    ],
    answer: [
      [
        'Outlook hakee tilatun kalenterin noin kolmen tunnin välein, joten uudet varaukset näkyvät viiveellä. Varaus {booking} on viennissä mukana.',
        'Viennissä oli aikavyöhykevirhe, joka korjattiin versiossa {version}. Poista kalenteri ja tilaa se uudelleen samasta linkistä.',
      ],
      [
        'Jos tarvitset tiedon heti, ota käyttöön kaksisuuntainen synkronointi: Asetukset > Kalenterit > Yhdistä.',
        'Ohje löytyy osoitteesta {url}, kohdasta "Kalenterin tilaaminen".',
      ],
    ],
    more: [
      'Tilasin kalenterin uudelleen ja nyt ajat ovat oikein. Voiko otsikosta jättää varaajan nimen pois?',
      'Muuten hyvä, mutta perutut varaukset jäävät näkyviin yliviivattuina.',
    ],
    done: [
      'Voi: vaihdoin vientiin näkymän "vain varattu", jolloin nimiä ei näy.',
      'Perutut poistuvat nyt viennistä. Asetuksen nimi on "Vie myös perutut" ja se oli päällä.',
    ],
    askFile: 'ics',
  },
  {
    id: 'api',
    by: 'contact',
    subjects: [
      'Rajapinta palauttaa {error}',
      'API: varauksen luonti epäonnistuu',
      'Rajapintavirhe {error} versiosta {version} lähtien',
    ],
    ask: [
      [
        'Varauksen luonti rajapinnan kautta palauttaa tilakoodin {error}, vaikka sama pyyntö onnistui vielä {date}.',
        'Kun haemme tilan {room} varauksia yli {n} päivän ajalta, vastaus katkeaa kesken ja yhteys sulkeutuu.',
        'Päivityksen {version} jälkeen rajapinta ei enää hyväksy aikaleimoja ilman aikavyöhykettä.',
      ],
      [
        'Pyynnön runko on { "room": "{room}", "start": "{iso}", "reference": "{booking}" } ja tunniste on voimassa vuoden loppuun.',
        'Testiympäristössä kaikki toimii, tuotannossa ei. Onko niissä eri versio?',
        'Pyyntöjä lähtee noin {n} minuutissa, eikä rajan pitäisi tulla vastaan.',
      ],
    ],
    answer: [
      [
        'Virheen syy on kenttä "start": versio {version} vaatii aikavyöhykkeen, esimerkiksi {iso}. Muutos on kuvattu julkaisutiedotteessa.',
        'Tunnisteeltanne puuttui kirjoitusoikeus tilaan {room}. Lisäsin sen, ja kokeilemani pyyntö onnistui.',
      ],
      [
        'Suosittelemme sivuttamaan haun: anna parametri "limit=200" ja seuraa "next"-linkkiä.',
        'Pahoittelemme, että virheilmoitus ei kertonut syytä. Korjaamme sen seuraavaan versioon.',
      ],
    ],
    more: [
      'Toimii nyt. Lisäkysymys: lähetetäänkö webhook myös silloin, kun varaus perutaan?',
      'Saan edelleen satunnaisesti {error}, noin kerran tunnissa. Liitän otteen lokista.',
    ],
    done: [
      'Lähetetään: tapahtuman nimi on "booking.cancelled". Allekirjoitus tarkistetaan samalla tavalla kuin muissa.',
      'Satunnaiset virheet tulivat yhdestä palvelimesta, joka on nyt vaihdettu. Seuraamme tilannetta viikon.',
    ],
    askFile: 'csv',
  },
  {
    id: 'cancel',
    by: 'contact',
    subjects: ['Varauksen {booking} peruutus', 'Peruutus: {room} {date}', 'Peruutusmaksu väärin?'],
    ask: [
      [
        'Peruisimme varauksen {booking}, tila {room}, {date} klo {time}–{time2}. Osallistujia ilmoittautui liian vähän.',
        'Ryhmä {group} sai peruutuksesta {amount} euron maksun, vaikka perui {n} päivää ennen vuoroa.',
        'Turnaus siirtyy, joten kaikki viikonlopun {date} vuorot pitäisi perua kerralla.',
      ],
      [
        'Emme löydä, missä peruutusehto asetetaan tilakohtaisesti.',
        'Kai maksu palautuu samalle kortille, jolla se maksettiin?',
      ],
    ],
    answer: [
      [
        'Varaus {booking} on peruttu ja aika on vapautettu. Maksu palautuu kortille 3–5 pankkipäivässä.',
        'Ehto oli asetettu 14 päivään koko kohteelle. Hyvitin maksun {amount} € ja muutin ehdon seitsemään päivään.',
      ],
      [
        'Usean varauksen voi perua kerralla luettelosta: valitse rivit ja "Toiminnot > Peru".',
        'Peruutusehdot löytyvät kohdasta Tilat > {room} > Hinnoittelu.',
      ],
    ],
    more: [
      'Kiitos! Jäikö jonoon joku, joka saa vapautuneen ajan?',
      'Palautusta ei vielä näy tilillä. Milloin se lähti?',
    ],
    done: [
      'Jonossa oli kaksi, ja ensimmäinen heistä vahvisti ajan heti.',
      'Palautus lähti {date}, ja sen viite on {invoice}. Pankilla voi mennä vielä pari päivää.',
    ],
  },
  {
    id: 'access',
    by: 'contact',
    subjects: ['Uusi käyttäjätunnus', 'Salasanan palautus ei tule perille', 'Käyttöoikeudet: {group}'],
    ask: [
      [
        'Tarvitsisimme tunnuksen uudelle työntekijälle, joka aloittaa {date}. Oikeudet samat kuin minulla, mutta ilman laskutusta.',
        'Salasanan palautusviesti ei tule perille, vaikka osoite on oikein. Roskapostistakaan sitä ei löydy.',
        'Ryhmän {group} yhteyshenkilö vaihtuu {date}. Vanha tunnus pitäisi sulkea samana päivänä.',
      ],
      [
        'Voiko kirjautumisen hoitaa organisaation omalla kertakirjautumisella?',
        'Kaksivaiheinen tunnistautuminen saa olla pakollinen kaikille.',
      ],
    ],
    answer: [
      [
        'Tunnus on luotu, ja aktivointilinkki lähti suoraan käyttäjälle. Linkki on voimassa kolme päivää.',
        'Palautusviesti jäi teidän sähköpostisuodattimeenne. Lähettäjän osoite kannattaa lisätä sallittuihin.',
      ],
      [
        'Kertakirjautuminen kuuluu palveluunne, lähetän ohjeen erikseen.',
        'Vanha tunnus sulkeutuu automaattisesti {date} klo 23.59.',
      ],
    ],
    more: [
      'Aktivointi onnistui, mutta käyttäjä ei näe tilaa {room}.',
      'IT-osastomme lisäsi osoitteen sallittuihin. Voitko lähettää viestin uudelleen?',
    ],
    done: [
      'Tila {room} kuului toiseen kohderyhmään. Nyt oikeus kattaa senkin.',
      'Lähetin uudelleen, ja palvelimenne kuittasi sen vastaanotetuksi klo {time}.',
    ],
  },
  {
    id: 'season',
    by: 'contact',
    subjects: ['Kausivuorojen jako', 'Hakemukset kaudelle: {group}', 'Vakiovuorot {room}'],
    ask: [
      [
        'Kausivuorojen haku päättyi ja hakemuksia tuli {n}. Jakoehdotus antaa ryhmälle {group} kaksi päällekkäistä vuoroa.',
        'Miten vakiovuoron saa päättymään {date}, kun juhlapyhät pitäisi jättää automaattisesti pois?',
      ],
      [
        'Jako pitäisi julkaista viimeistään {date}.',
        'Tila {room} on remontissa lokakuun, joten se pitäisi jättää jaosta pois.',
      ],
    ],
    answer: [
      [
        'Päällekkäisyys johtui siitä, että hakemus oli jätetty kahdesti. Yhdistin ne ja ajoin jaon uudelleen.',
        'Juhlapyhät saa pois kohdasta "Poikkeuspäivät": valitse kalenteri "Suomen pyhäpäivät".',
      ],
      [
        'Merkitsin tilan {room} suljetuksi {date}–{date2}, joten jako ohittaa sen.',
        'Ehdotuksen voi vielä muokata käsin ennen julkaisemista.',
      ],
    ],
    more: [
      'Julkaisin jaon. Lähtivätkö päätökset kaikille {n} hakijalle?',
      'Yksi seura jäi ilman vuoroa, vaikka heillä oli eniten pisteitä.',
    ],
    done: [
      'Lähtivät kaikille, kaksi osoitetta palautti viestin. Niiden tiedot ovat raportissa.',
      'Heidän hakemuksestaan puuttui tila. Lisäsin {room} toiveeksi, ja nyt vuoro löytyi.',
    ],
    askFile: 'csv',
  },
];

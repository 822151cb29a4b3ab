import type { Topic } from '../../types.ts';

/** Invoices, reports, payments, complaints, what the desk sends out, in Finnish. {slots} are filled from the matter's facts. */
export const service: readonly Topic[] = [
  {
    id: 'invoice',
    by: 'contact',
    subjects: ['Lasku {invoice}', 'Kysymys laskusta {invoice}', 'Laskun {invoice} summa ei täsmää'],
    ask: [
      [
        'Saimme laskun {invoice}, loppusumma {amount} €. Laskulla on vuoroja, jotka peruttiin ajoissa ennen {date}.',
        'Laskulta {invoice} puuttuu viitteemme. Ilman sitä laskua ei saada ostolaskujen kiertoon.',
        'Laskun {invoice} summa {amount} € on suurempi kuin tilauksessa sovittu kuukausihinta. Mistä ero johtuu?',
      ],
      [
        'Pyydämme hyvityslaskua ja korjattua laskua verkkolaskuna.',
        'Eräpäivä on {date}, joten toivomme vastausta ennen sitä.',
        'Liitteenä oma laskelmamme, josta ero näkyy riveittäin.',
      ],
    ],
    answer: [
      [
        'Kiitos huomautuksesta. Laskulla oli {n} perutun vuoron rivit, koska perumiset kirjattiin vasta laskutusajon jälkeen.',
        'Ero johtuu kesken kuukauden lisätyistä käyttäjistä, jotka laskutetaan päivän tarkkuudella.',
      ],
      [
        'Hyvityslasku lähtee tänään, ja korjattu lasku on tämän viestin liitteenä.',
        'Lisäsin viitteenne asiakastietoihin, joten se tulee jatkossa jokaiselle laskulle.',
      ],
    ],
    more: [
      'Hyvityslasku tuli, kiitos. Voiko jatkossa eritellä kohteet omille laskuilleen?',
      'Kirjanpito kysyy vielä, mikä on palvelujakso. Laskulla lukee vain kuukausi.',
    ],
    done: [
      'Onnistuu: jokainen kohde saa oman laskun seuraavasta kuusta alkaen.',
      'Palvelujakso on {date}–{date2}. Lisäsin sen laskupohjaan, jotta se näkyy jatkossa valmiina.',
    ],
    askFile: 'xlsx',
    answerFile: 'pdf',
  },
  {
    id: 'training',
    by: 'contact',
    subjects: [
      'Käyttökoulutus uusille työntekijöille',
      'Koulutuspäivä {date}?',
      'Tarjouspyyntö: koulutus {n} hengelle',
    ],
    ask: [
      [
        'Meille tulee kesän jälkeen {n} uutta työntekijää, jotka tarvitsevat koulutuksen varausten käsittelyyn.',
        'Haluaisimme kerrata raporttien tekemisen. Sopisiko {date} klo {time}, paikkana {room}?',
      ],
      [
        'Etäkoulutus käy hyvin, kunhan sen saa tallentaa myöhempää katselua varten.',
        'Kerrottehan samalla hinnan ja sen, onko materiaalia suomeksi ja ruotsiksi.',
      ],
    ],
    answer: [
      [
        'Hienoa! {onDay} {date} klo {time} sopii meille. Koulutus kestää noin kaksi tuntia ja maksaa {amount} € (alv 0 %).',
        'Ehdotan kahta lyhyttä kertaa: {date} ja {date2}, kumpikin klo {time}–{time2}. Osallistujia mahtuu {n}.',
      ],
      [
        'Kutsu on liitteenä. Tallenteen saa katsoa organisaation sisällä vuoden ajan.',
        'Materiaali on suomeksi, ruotsiksi ja englanniksi. Lähetän sen etukäteen.',
      ],
    ],
    more: ['Sopii. Osallistujalista seuraa ensi viikolla.', 'Voisiko aloitusta siirtää puoli tuntia, kello {time3}?'],
    done: [
      'Siirretään alkavaksi kello {time3}. Päivitetty kutsu lähti juuri.',
      'Kiitos, lista saa tulla vielä edellisenä päivänä. Nähdään {onDay}!',
    ],
    answerFile: 'ics',
  },
  {
    id: 'complaint',
    by: 'contact',
    subjects: [
      'Reklamaatio: kaksoisvaraus {room}',
      'Sama tila varattu kahdelle',
      'Valitus palvelun toiminnasta {date}',
    ],
    ask: [
      [
        'Tilassa {room} oli {date} klo {time} kaksi ryhmää yhtä aikaa. Molemmilla oli vahvistus, toisella numero {booking}.',
        'Palvelu oli {date} poissa käytöstä lähes koko aamupäivän, eikä siitä tiedotettu mitenkään.',
      ],
      [
        'Tilanne oli todella nolo, sillä paikalla oli {n} vierasta. Odotamme selvitystä ja hyvitystä.',
        'Tämä on jo toinen kerta tänä vuonna. Haluamme tietää, miten toistuminen estetään.',
      ],
    ],
    answer: [
      [
        'Olemme pahoillamme. Kaksoisvaraus syntyi, kun tilan yhdistelmä avattiin muokattavaksi kahdessa näkymässä samaan aikaan.',
        'Pahoittelemme katkosta. Se johtui tietokannan huollosta, joka venyi klo {time}–{time2}, ja tiedote jäi lähtemättä virheemme vuoksi.',
      ],
      [
        'Tarkistus on korjattu versiossa {version}. Hyvitämme kuukausimaksusta {amount} €.',
        'Kirjallinen selvitys on liitteenä. Soitan mielelläni ja käyn sen läpi, jos haluatte.',
      ],
    ],
    more: [
      'Kiitos selvityksestä. Saako sen jakaa ryhmän {group} edustajille?',
      'Hyvitys on kohtuullinen. Toivottavasti tähän ei enää palata.',
    ],
    done: [
      'Selvityksen saa jakaa. Siinä ei ole muiden asiakkaiden tietoja.',
      'Kiitos kärsivällisyydestä. Seuraamme tilannetta ja palaamme asiaan kuukauden päästä.',
    ],
    answerFile: 'pdf',
  },
  {
    id: 'feedback',
    by: 'contact',
    subjects: ['Palautetta uudesta näkymästä', 'Ruusuja ja risuja', 'Kehitysehdotus: {room}'],
    ask: [
      [
        'Uusi viikkonäkymä on selkeä, ja iäkkäämmätkin varaajat löytävät ajat ilman apua.',
        'Version {version} hakutoiminto säästää meiltä päivittäin varmaan puoli tuntia. Kiitos siitä!',
      ],
      [
        'Toive: väri voisi kertoa, onko vuoro maksettu. Nyt se pitää avata erikseen.',
        'Tulostettu viikkolista leikkautuu oikeasta reunasta, kun tiloja on yli {n}.',
        'Puhelimella päivän vaihtaminen vaatii liian tarkan osuman nuoleen.',
      ],
    ],
    answer: [
      [
        'Kiitos palautteesta, välitin sen kehitykselle ja kiitoksen koko tiimille.',
        'Mukava kuulla! Tällaiset viestit luetaan meillä ääneen perjantain kahvilla.',
      ],
      [
        'Maksutilan väri on jo työn alla ja tulee versioon {version}.',
        'Tulostuksen leikkautumisen sain toistettua. Se korjataan seuraavaan päivitykseen.',
      ],
    ],
    more: ['Hienoa. Saammeko kokeilla sitä etukäteen?', 'Kuulostaa hyvältä, odotamme innolla.'],
    done: [
      'Ilman muuta. Lisäsin teidät esikatselun käyttäjiin, näette sen {date} alkaen.',
      'Ilmoitan heti, kun se on käytössä.',
    ],
  },
  {
    id: 'report',
    by: 'contact',
    subjects: ['Käyttöasteraportti {month}', 'Raportin luvut eivät täsmää', 'Tilastot lautakunnalle'],
    ask: [
      [
        'Lautakunta kokoontuu {date} ja tarvitsemme käyttöasteet kohteittain. Raportti antaa tilalle {room} {n} prosenttia, mikä ei voi pitää paikkaansa.',
        'Saisiko raporttiin sarakkeen ikäryhmästä? Kuukauden {month} avustuspäätökset tehdään sen perusteella.',
      ],
      ['Liitteenä oma laskelma samalta ajalta.', 'Riittää, kun luvut saa taulukkona. Muotoilun hoidamme itse.'],
    ],
    answer: [
      [
        'Raportti laski mukaan myös suljetut päivät. Korjasin aukioloajat, ja uusi luku on liitteen taulukossa.',
        'Ikäryhmä löytyy nyt sarakevalikosta. Se täyttyy varauksista, joissa ryhmän tiedot on annettu.',
      ],
      [
        'Raportin voi ajastaa: se lähtee joka kuun ensimmäinen päivä annettuihin osoitteisiin.',
        'Jos haluatte verrata vuosia, valitse "Vertailujakso".',
      ],
    ],
    more: [
      'Nyt täsmää! Saako ajastetun raportin myös kahdelle vastaanottajalle?',
      'Taulukossa desimaalierotin on piste, joten Excel lukee luvut tekstinä.',
    ],
    done: ['Saa: erota osoitteet pilkulla.', 'Vaihdoin organisaation kieliasetuksen, joten jatkossa erotin on pilkku.'],
    askFile: 'xlsx',
    answerFile: 'xlsx',
  },
  {
    id: 'payment',
    by: 'contact',
    subjects: [
      'Verkkomaksu epäonnistuu',
      'Maksu veloitettu kahdesti, varaus {booking}',
      'Maksupääte ja varaus {booking}',
    ],
    ask: [
      [
        'Asiakkaalta on veloitettu varauksesta {booking} kahdesti {amount} €. Maksut näkyvät klo {time} ja {time2}.',
        'Verkkomaksu palaa virheeseen {error} heti pankin valinnan jälkeen. Kokeilimme kolmella selaimella.',
      ],
      ['Asiakas odottaa palautusta tällä viikolla.', 'Kuva näytöstä on liitteenä, tilinumero on peitetty.'],
    ],
    answer: [
      [
        'Toinen veloitus oli katevaraus, joka vapautuu itsestään. Tarkistin maksunvälittäjältä, että vain yksi {amount} € on tilitetty.',
        'Maksunvälittäjällä oli häiriö klo {time}–{time2}. Maksut toimivat taas.',
      ],
      [
        'Lisäsin varaukselle {booking} huomautuksen, jotta se näkyy kassalla.',
        'Häiriöistä voi tilata ilmoitukset osoitteesta {url}.',
      ],
    ],
    more: ['Asiakkaan mukaan katevaraus on edelleen tilillä. Kauanko se kestää?', 'Nyt maksu meni läpi, kiitos.'],
    done: [
      'Enintään seitsemän päivää pankista riippuen. Annan mielelläni asiakkaalle todistuksen maksusta.',
      'Hyvä! Suljen asian, mutta viestiin voi aina vastata.',
    ],
    askFile: 'png',
  },
  {
    id: 'maintenance',
    by: 'agent',
    subjects: ['Huoltokatko {date} klo {time}', 'Tiedote: versio {version} otetaan käyttöön {date}'],
    ask: [
      [
        'Päivitämme palvelun versioon {version} {onDay} {date} klo {time}–{time2}. Varauksia ei voi tehdä katkon aikana, mutta ovikoodit toimivat normaalisti.',
        'Palvelussa on huoltokatko {date} klo {time}–{time2}. Näyttöjen tiedot voivat olla vanhentuneita sen jälkeen enintään tunnin.',
      ],
      ['Julkaisutiedote on osoitteessa {url}.', 'Jos ajankohta on teille hankala, vastaathan tähän viestiin.'],
    ],
    answer: [['Kiitos tiedosta, välitän sen eteenpäin.'], ['Ajankohta sopii meille.']],
    more: [
      'Meillä on silloin turnaus, tila {room}. Voiko katkoa siirtää iltaan?',
      'Kiitos tiedosta! Vaikuttaako katko ilmanvaihdon ohjaukseen?',
    ],
    done: [
      'Siirsimme katkon alkamaan klo 22, joten turnaus ehtii päättyä.',
      'Ei vaikuta: ohjaus käyttää laitteelle tallennettua viikko-ohjelmaa.',
    ],
  },
  {
    id: 'contract',
    by: 'agent',
    subjects: ['Sopimuksen jatko ja hinnasto', 'Tarjous: lisäkohde {site}'],
    ask: [
      [
        'Nykyinen sopimuskautenne päättyy {date}. Liitteenä ehdotus jatkosta, hinta on {amount} € kuukaudessa.',
        'Kuten puhelimessa sovittiin, tässä tarjous kohteen {site} liittämisestä palveluun.',
      ],
      ['Tarjous on voimassa {date2} asti.', 'Jos ehdotus sopii, vastaus tähän viestiin riittää.'],
    ],
    answer: [['Kiitos, käsittelemme tarjouksen johtoryhmässä.'], ['Palaan asiaan {date} mennessä.']],
    more: ['Tarjous käy. Lisäisittekö viitteeksi {booking}?', 'Hinta on noussut viime kaudesta. Mistä korotus johtuu?'],
    done: [
      'Lisätty. Allekirjoitettava versio tulee erillisenä viestinä.',
      'Korotus on indeksin mukainen, ja siihen sisältyy nyt myös tekstiviestit. Erittely on osoitteessa {url}.',
    ],
    askFile: 'pdf',
  },
];

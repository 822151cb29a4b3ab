import type { Topic } from '../../types.ts';

/** Invoices, reports, payments, complaints, what the desk sends out, in Swedish. {slots} are filled from the matter's facts. */
export const service: readonly Topic[] = [
  {
    id: 'invoice',
    by: 'contact',
    subjects: ['Faktura {invoice}', 'Fråga om faktura {invoice}', 'Beloppet på faktura {invoice} stämmer inte'],
    ask: [
      [
        'Vi har fått faktura {invoice} på {amount} €. Den innehåller pass som avbokades i tid före den {date}.',
        'På faktura {invoice} saknas vår referens, och utan den går den inte in i vårt system.',
        'Summan {amount} € på faktura {invoice} är högre än det månadspris vi har avtalat. Vad beror det på?',
      ],
      [
        'Vi ber om en kreditfaktura och en ny faktura i elektronisk form.',
        'Förfallodagen är {date}, så vi hoppas på svar före dess.',
        'Vår egen uträkning är bifogad, där skillnaden framgår rad för rad.',
      ],
    ],
    answer: [
      [
        'Tack för att ni hörde av er. {n} avbokade pass kom med, eftersom de registrerades efter faktureringen.',
        'Skillnaden beror på användare som har lagts till mitt i månaden. De faktureras per dag.',
      ],
      [
        'Kreditfakturan går i dag, och den rättade fakturan är bifogad.',
        'Er referens finns nu i kunduppgifterna och kommer med på alla fakturor.',
      ],
    ],
    more: [
      'Kreditfakturan har kommit, tack. Går det att få en faktura per anläggning?',
      'Bokföringen undrar också vilken period fakturan gäller. Där står bara månaden.',
    ],
    done: [
      'Det går bra: från och med nästa månad får varje anläggning sin egen faktura.',
      'Perioden är {date}–{date2}. Jag har lagt in den i mallen, så att den syns framöver.',
    ],
    askFile: 'xlsx',
    answerFile: 'pdf',
  },
  {
    id: 'training',
    by: 'contact',
    subjects: ['Utbildning för nya kolleger', 'Utbildning den {date}?', 'Offertförfrågan: utbildning för {n} personer'],
    ask: [
      [
        'Efter sommaren får vi {n} nya kolleger som behöver lära sig bokningssystemet.',
        'Vi skulle vilja repetera rapporterna. Passar den {date} kl. {time}, i {room}?',
      ],
      [
        'På distans går bra, bara vi får spela in för dem som är borta.',
        'Berätta gärna vad det kostar och om materialet finns på både svenska och finska.',
      ],
    ],
    answer: [
      [
        'Så roligt! {onDay} {date} kl. {time} passar oss. Utbildningen tar två timmar och kostar {amount} € (moms 0 %).',
        'Jag föreslår två kortare tillfällen: {date} och {date2}, båda kl. {time}–{time2}. Det finns plats för {n}.',
      ],
      [
        'Inbjudan är bifogad. Inspelningen får visas internt i ett år.',
        'Materialet finns på svenska, finska och engelska. Jag skickar det i förväg.',
      ],
    ],
    more: ['Det passar. Deltagarlistan kommer nästa vecka.', 'Kan vi börja en halvtimme senare, kl. {time3}?'],
    done: [
      'Då börjar vi kl. {time3}. En uppdaterad inbjudan är skickad.',
      'Tack, listan får gärna komma så sent som dagen före. Vi ses {onDay}!',
    ],
    answerFile: 'ics',
  },
  {
    id: 'complaint',
    by: 'contact',
    subjects: ['Reklamation: dubbelbokning i {room}', 'Samma lokal bokad två gånger', 'Klagomål på driften den {date}'],
    ask: [
      [
        'Den {date} kl. {time} stod två grupper i {room} samtidigt. Båda hade bekräftelse, den ena med nummer {booking}.',
        'Tjänsten låg nere nästan hela förmiddagen den {date}, utan någon information till oss.',
      ],
      [
        'Det var mycket pinsamt inför {n} gäster. Vi väntar oss en förklaring och kompensation.',
        'Det är andra gången i år. Hur ser ni till att det inte upprepas?',
      ],
    ],
    answer: [
      [
        'Vi beklagar verkligen. Dubbelbokningen uppstod när en kombination av lokaler öppnades i två vyer samtidigt.',
        'Vi beklagar avbrottet. Ett databasunderhåll drog ut på tiden kl. {time}–{time2}, och informationen skickades inte på grund av ett misstag hos oss.',
      ],
      [
        'Kontrollen är rättad i version {version}, och vi krediterar {amount} € på månadsavgiften.',
        'En skriftlig redogörelse är bifogad. Jag ringer gärna och går igenom den.',
      ],
    ],
    more: [
      'Tack för redogörelsen. Får den delas med {group}?',
      'Kompensationen är skälig. Hoppas att vi slipper detta framöver.',
    ],
    done: [
      'Den får delas. Där finns inga uppgifter om andra kunder.',
      'Tack för tålamodet. Vi återkommer om en månad med en uppföljning.',
    ],
    answerFile: 'pdf',
  },
  {
    id: 'feedback',
    by: 'contact',
    subjects: ['Synpunkter på den nya vyn', 'Ris och ros', 'Förslag: {room}'],
    ask: [
      [
        'Den nya veckovyn är tydlig, också våra äldre bokare hittar tiderna utan hjälp.',
        'Sökningen i version {version} sparar oss säkert en halvtimme om dagen. Tack!',
      ],
      [
        'Ett önskemål: färgen kunde visa om passet är betalt, nu måste man öppna varje bokning.',
        'Den utskrivna veckolistan klipps av till höger när lokalerna är fler än {n}.',
        'På telefonen är pilen för nästa dag för liten.',
      ],
    ],
    answer: [
      [
        'Tack för synpunkterna, de har gått vidare till utvecklingen.',
        'Kul att höra! Sådana här brev läser vi högt på fredagsfikat.',
      ],
      [
        'Färg för betald är på gång och kommer i version {version}.',
        'Jag fick fram samma fel i utskriften. Det rättas i nästa uppdatering.',
      ],
    ],
    more: ['Fint. Får vi prova det i förväg?', 'Det låter bra, vi ser fram emot det.'],
    done: [
      'Självklart. Ni finns nu bland förhandstestarna och ser det från {date}.',
      'Jag hör av mig så fort det är på plats.',
    ],
  },
  {
    id: 'report',
    by: 'contact',
    subjects: ['Beläggningsrapport {month}', 'Siffrorna i rapporten stämmer inte', 'Statistik till nämnden'],
    ask: [
      [
        'Nämnden möts den {date} och vi behöver beläggningen per anläggning. Rapporten ger {n} procent för {room}, vilket inte kan stämma.',
        'Kan rapporten få en kolumn för åldersgrupp? Bidragen för {month} beräknas på den.',
      ],
      ['Vår egen uträkning för samma tid är bifogad.', 'Det räcker med en tabell, formateringen gör vi själva.'],
    ],
    answer: [
      [
        'Rapporten räknade med stängda dagar. Jag har rättat öppettiderna, och den nya siffran finns i tabellen.',
        'Åldersgrupp finns nu bland kolumnerna. Den fylls från bokningar där gruppen har uppgivits.',
      ],
      [
        'Rapporten kan schemaläggas: den skickas den första varje månad.',
        'Vill ni jämföra år, välj "Jämförelseperiod".',
      ],
    ],
    more: [
      'Nu stämmer det! Kan den schemalagda rapporten gå till två mottagare?',
      'Decimaltecknet är punkt, så Excel läser siffrorna som text.',
    ],
    done: [
      'Ja, skilj adresserna med komma.',
      'Jag har bytt språkinställning för organisationen, så framöver är det komma.',
    ],
    askFile: 'xlsx',
    answerFile: 'xlsx',
  },
  {
    id: 'payment',
    by: 'contact',
    subjects: [
      'Nätbetalningen misslyckas',
      'Dubbel debitering, bokning {booking}',
      'Kortterminalen och bokning {booking}',
    ],
    ask: [
      [
        'En kund har debiterats två gånger {amount} € för bokning {booking}, kl. {time} och {time2}.',
        'Betalningen ger {error} direkt efter valet av bank. Vi har provat tre webbläsare.',
      ],
      ['Kunden väntar på pengarna den här veckan.', 'En skärmbild är bifogad, kontonumret är dolt.'],
    ],
    answer: [
      [
        'Den andra debiteringen var en reservation som släpps av sig själv. Enligt betalningsförmedlaren har bara {amount} € dragits.',
        'Betalningsförmedlaren hade en störning kl. {time}–{time2}. Nu fungerar det igen.',
      ],
      [
        'Jag har lagt en anteckning på bokning {booking}, så att den syns i kassan.',
        'Driftinformation kan beställas på {url}.',
      ],
    ],
    more: ['Enligt kunden ligger reservationen kvar. Hur länge?', 'Nu gick betalningen igenom, tack.'],
    done: [
      'Högst sju dagar, beroende på banken. Kunden får gärna ett intyg av oss.',
      'Bra! Jag avslutar ärendet, men det går alltid att svara på brevet.',
    ],
    askFile: 'png',
  },
  {
    id: 'maintenance',
    by: 'agent',
    subjects: ['Driftavbrott den {date} kl. {time}', 'Version {version} tas i bruk den {date}'],
    ask: [
      [
        'Vi uppdaterar till version {version} {onDay} {date} kl. {time}–{time2}. Det går inte att boka under tiden, men dörrkoderna fungerar som vanligt.',
        'Underhåll pågår den {date} kl. {time}–{time2}. Skärmarna kan visa gamla uppgifter upp till en timme efteråt.',
      ],
      ['Nyheterna finns på {url}.', 'Svara på brevet om tiden är olämplig för er.'],
    ],
    answer: [['Tack för informationen, jag för den vidare.'], ['Tiden passar oss.']],
    more: ['Då har vi turnering i {room}. Kan ni vänta till kvällen?', 'Tack! Påverkas ventilationsstyrningen?'],
    done: [
      'Vi har flyttat starten till kl. 22, så turneringen hinner ta slut.',
      'Nej, den följer veckoschemat som finns i enheten.',
    ],
  },
  {
    id: 'contract',
    by: 'agent',
    subjects: ['Förlängning av avtalet', 'Offert: {site}'],
    ask: [
      [
        'Er avtalsperiod går ut den {date}. Ett förslag till förlängning är bifogat, priset är {amount} € i månaden.',
        'Som vi kom överens om per telefon, här är offerten för {site}.',
      ],
      ['Offerten gäller till den {date2}.', 'Om förslaget passar räcker det med ett svar på detta brev.'],
    ],
    answer: [['Tack, vi tar upp offerten i ledningsgruppen.'], ['Jag återkommer senast {date}.']],
    more: [
      'Vi godtar offerten. Kan ni lägga till referensen {booking}?',
      'Priset har gått upp sedan förra perioden. Varför?',
    ],
    done: [
      'Tillagt. En version att skriva under kommer för sig.',
      'Höjningen följer index, och sms ingår numera. En specifikation finns på {url}.',
    ],
    askFile: 'pdf',
  },
];

import type { Topic } from '../../types.ts';

/** Bookings, doors, calendars, access, in Swedish. {slots} are filled from the matter's facts. */
export const bookings: readonly Topic[] = [
  {
    id: 'move',
    by: 'contact',
    subjects: ['Flytta bokning {booking}', 'Byte av tid {date}, {room}', 'Kan vi flytta passet {onDay}?'],
    ask: [
      [
        'Vi har bokning {booking} i {room} {onDay} {date} kl. {time}–{time2}. Passet behöver flyttas så att det börjar {time3}.',
        'Gruppen {group} vill byta sin tid den {date} till kl. {time3}–{time4} samma dag. Lokalen ska fortfarande vara {room}.',
        'När jag försöker flytta bokning {booking} till den {date2} får jag beskedet att passet är låst.',
      ],
      [
        'I kalendern ser tiden ledig ut, men knappen Spara är grå. Saknar jag någon behörighet?',
        'Det gäller bara det här tillfället, övriga pass i serien ska ligga kvar.',
        'De är {n} deltagare, så ett mindre rum går tyvärr inte.',
      ],
    ],
    answer: [
      [
        'Jag har flyttat bokning {booking} så att den börjar kl. {time3}. Bekräftelsen har gått till bokaren.',
        'Passet var låst eftersom det ingår i en säsongsserie. Jag har lossat just det här tillfället och flyttat det.',
      ],
      [
        'Framöver kan ni göra det själva: öppna bokningen, välj "Lossa från serien" och dra passet till den nya tiden.',
        'Övriga pass är orörda och priset är detsamma.',
      ],
    ],
    more: [
      'Nu ligger passet rätt, men skärmen vid dörren visar fortfarande {time}. Uppdateras den av sig själv?',
      'Bokaren säger att ingen bekräftelse har kommit. Kan ni skicka den igen?',
    ],
    done: [
      'Skärmen hämtar uppgifterna var femte minut och visar nu {time3}.',
      'Det var ett skrivfel i bokarens adress. Jag har rättat det och skickat bekräftelsen på nytt.',
    ],
    askFile: 'png',
  },
  {
    id: 'door',
    by: 'contact',
    subjects: ['Dörrkoden fungerar inte: {room}', 'Kommer inte in i {room}', 'BRÅDSKANDE: grupp utanför dörren'],
    ask: [
      [
        'Koden {code} som skickades för bokning {booking} öppnar inte dörren till {room}. Passet började kl. {time}.',
        'Gruppen {group} står utanför just nu. Läsaren blinkar rött tre gånger när de slår {code}.',
        'I går kl. {time} kom ingen in i {room}, fast bokningarna var i sin ordning. Vaktmästaren fick öppna.',
      ],
      [
        'Samma sak hände {onDay} förra veckan, så det är knappast någon som trycker fel.',
        'Kan ni se om koden har nått låset? I loggen står bara "i kö".',
        'Batterierna i låset är nya.',
      ],
    ],
    answer: [
      [
        'Låset har inte haft kontakt med servern sedan kl. {time}, så nya koder blev liggande i kö. Nu är kontakten tillbaka och {code} fungerar.',
        'Koden gäller från tio minuter före passet. Jag har ändrat det till 30 minuter för {room}.',
      ],
      [
        'Orsaken var nätet på plats: enheten {site} bytte adress under natten. Vi rekommenderar en fast adress.',
        'Jag har lagt till ett larm, så att ni får ett sms om låset är borta mer än fem minuter.',
      ],
    ],
    more: [
      'Tack för snabb hjälp! Dörren går upp nu, men bakdörren blir stående olåst efter passet. Ska den inte låsa sig?',
      'Det fungerar, men en annan grupp har fått samma kod. Är inte koden unik för varje bokning?',
    ],
    done: [
      'Bakdörren var inställd på att stå öppen till kl. 22. Nu låser den fem minuter efter passets slut.',
      'När bokningarna ligger kant i kant delas koden. Jag har slagit på unika koder för hela anläggningen.',
    ],
  },
  {
    id: 'calendar',
    by: 'contact',
    subjects: ['Kalenderexporten uppdateras inte', 'iCal-länken till {room}', 'Bokningar syns inte i Outlook'],
    ask: [
      [
        'Vi prenumererar på kalendern för {room} i Outlook, men bokning {booking} ({date} kl. {time}) syns inte där.',
        'Exporten hoppar över alla bokningar som går över midnatt.',
        'Efter tidsomställningen är tiderna en timme fel: {time} visas som {time3}.',
      ],
      [
        'I webbläsaren öppnas länken och filen innehåller {n} händelser.',
        'Hos en kollega fungerar samma länk, så felet kan ligga hos mig.',
        'Filen som länken ger är bifogad.',
      ],
    ],
    answer: [
      [
        'Outlook hämtar prenumererade kalendrar ungefär var tredje timme. Bokning {booking} finns med i exporten.',
        'Exporten hade fel tidszon, vilket är rättat i version {version}. Ta bort kalendern och prenumerera på nytt med samma länk.',
      ],
      [
        'Behövs uppgifterna genast finns dubbelriktad synkronisering: Inställningar > Kalendrar > Anslut.',
        'En anvisning finns på {url} under "Prenumerera på kalender".',
      ],
    ],
    more: [
      'Nu stämmer tiderna. Kan bokarens namn lämnas bort från rubriken?',
      'Bra, men avbokade pass ligger kvar överstrukna.',
    ],
    done: [
      'Ja, jag har bytt till vyn "endast upptaget", då syns inga namn.',
      'Avbokade tas nu bort. Inställningen "Exportera även avbokade" var påslagen.',
    ],
    askFile: 'ics',
  },
  {
    id: 'api',
    by: 'contact',
    subjects: ['API:et svarar {error}', 'Fel {error} sedan version {version}', 'Kan inte skapa bokning via API:et'],
    ask: [
      [
        'När vi skapar en bokning via API:et får vi {error}, fast samma anrop fungerade den {date}.',
        'Hämtar vi bokningar för {room} över mer än {n} dagar bryts svaret mitt i.',
        'Sedan uppdateringen {version} godtas inte tidsstämplar utan tidszon.',
      ],
      [
        'Anropet är { "room": "{room}", "start": "{iso}", "reference": "{booking}" } och nyckeln gäller året ut.',
        'I testmiljön fungerar det, i produktion inte. Är det olika versioner?',
        'Vi gör ungefär {n} anrop i minuten, så gränsen borde inte vara nådd.',
      ],
    ],
    answer: [
      [
        'Felet ligger i fältet "start": version {version} kräver tidszon, till exempel {iso}. Det står i versionsnyheterna.',
        'Nyckeln saknade skrivrätt till {room}. Jag har lagt till den, och ett provanrop gick igenom.',
      ],
      [
        'Hämta gärna i sidor: ange "limit=200" och följ länken "next".',
        'Vi beklagar att felmeddelandet inte sade varför. Det förbättras i nästa version.',
      ],
    ],
    more: [
      'Nu fungerar det. Skickas en webhook även vid avbokning?',
      'Ungefär en gång i timmen kommer fortfarande {error}. Ett utdrag ur loggen är bifogat.',
    ],
    done: [
      'Ja, händelsen heter "booking.cancelled" och signeras på samma sätt som de andra.',
      'De kom från en server som nu är utbytt. Vi följer läget en vecka.',
    ],
    askFile: 'csv',
  },
  {
    id: 'cancel',
    by: 'contact',
    subjects: ['Avbokning {booking}', 'Avbokning: {room} den {date}', 'Felaktig avbokningsavgift?'],
    ask: [
      [
        'Vi behöver avboka {booking} i {room} den {date} kl. {time}–{time2}. Det blev för få anmälda.',
        'Gruppen {group} fick en avgift på {amount} € trots att de avbokade {n} dagar i förväg.',
        'Turneringen flyttas, så alla pass helgen {date} ska avbokas på en gång.',
      ],
      [
        'Vi hittar inte var avbokningsregeln ställs in för en enskild lokal.',
        'Pengarna går väl tillbaka till samma kort som användes?',
      ],
    ],
    answer: [
      [
        'Bokning {booking} är avbokad och tiden är ledig igen. Pengarna är tillbaka på kortet inom 3–5 bankdagar.',
        'Regeln var 14 dagar för hela anläggningen. Jag har krediterat {amount} € och ändrat till sju dagar.',
      ],
      [
        'Flera bokningar kan avbokas i listan: markera raderna och välj "Åtgärder > Avboka".',
        'Reglerna finns under Lokaler > {room} > Priser.',
      ],
    ],
    more: ['Tack! Stod någon i kö som får den lediga tiden?', 'Återbetalningen syns inte ännu. När gick den?'],
    done: [
      'Två stod i kö, och den första bekräftade direkt.',
      'Den gick den {date} med referens {invoice}. Banken kan behöva ett par dagar till.',
    ],
  },
  {
    id: 'access',
    by: 'contact',
    subjects: ['Ny användare', 'Återställning av lösenord kommer inte fram', 'Behörigheter: {group}'],
    ask: [
      [
        'Vi behöver ett konto för en ny kollega som börjar {date}. Samma rättigheter som jag, men utan fakturering.',
        'Brevet för att återställa lösenordet kommer inte fram, fast adressen är rätt. I skräpposten finns det inte heller.',
        'Kontaktpersonen för {group} byts den {date}. Det gamla kontot ska stängas samma dag.',
      ],
      [
        'Kan inloggningen ske med vår egen enkla inloggning (SSO)?',
        'Tvåstegsverifiering får gärna vara obligatorisk för alla.',
      ],
    ],
    answer: [
      [
        'Kontot är skapat och en aktiveringslänk är skickad till användaren. Den gäller i tre dagar.',
        'Brevet fastnade i ert filter. Lägg gärna till avsändaren bland de tillåtna.',
      ],
      [
        'SSO ingår i er tjänst, jag skickar en anvisning för sig.',
        'Det gamla kontot stängs automatiskt {date} kl. 23.59.',
      ],
    ],
    more: [
      'Aktiveringen gick bra, men användaren ser inte {room}.',
      'IT har lagt till adressen. Kan ni skicka brevet igen?',
    ],
    done: [
      '{room} hörde till en annan grupp. Nu omfattas även den.',
      'Skickat på nytt, er server tog emot det kl. {time}.',
    ],
  },
  {
    id: 'season',
    by: 'contact',
    subjects: ['Fördelning av säsongspass', 'Ansökningar: {group}', 'Fasta tider i {room}'],
    ask: [
      [
        'Ansökningstiden är slut och vi fick {n} ansökningar. Förslaget ger {group} två pass som överlappar.',
        'Hur får man en fast tid att sluta den {date}, med helgdagarna borträknade?',
      ],
      ['Fördelningen ska publiceras senast {date}.', 'Vi renoverar {room} i oktober, så den ska inte vara med.'],
    ],
    answer: [
      [
        'Ansökan hade lämnats in två gånger. Jag har slagit ihop dem och kört fördelningen på nytt.',
        'Helgdagarna tas bort under "Undantagsdagar": välj kalendern för ert land.',
      ],
      [
        '{room} är nu stängd {date}–{date2}, så fördelningen hoppar över den.',
        'Förslaget kan ändras för hand före publiceringen.',
      ],
    ],
    more: ['Publicerat. Gick besluten till alla {n} sökande?', 'En förening blev utan, fast de hade högst poäng.'],
    done: [
      'Ja, två adresser returnerade brevet. De finns i rapporten.',
      'Deras ansökan saknade lokal. Med {room} som önskemål hittades en tid.',
    ],
    askFile: 'csv',
  },
];

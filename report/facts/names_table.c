/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names_table.c - the names of principals in the languages of Windows.
 *
 * In each row the languages stand in this order, as far as their names differ: English,
 * German, French, Spanish, Italian, Portuguese (Brazil, Portugal), Dutch, Swedish,
 * Danish, Norwegian, Finnish, Polish, Czech, Hungarian, Russian, Turkish; then Japanese,
 * Chinese and Korean, whose Windows keep the English names of groups and accounts.
 * Spellings of several releases stand beside each other.  A name stands in one row only.
 */
#include "report/facts/names_table.h"

const struct names_row names_rows[] = {
	{ "S-1-1-0", false,
	  "Everyone|Jeder|Tout le monde|Todos|Iedereen|Alla|Alle|Kaikki|"
	  "Wszyscy|Mindenki|Все|Herkes|" },
	{ "S-1-5-6", false,
	  "SERVICE|DIENST|SERVICIO|SERVIZIO|SERVIÇO|TJÄNST|TJENESTE|PALVELU|"
	  "USŁUGA|SLUŽBA|SZOLGÁLTATÁS|СЛУЖБА|HİZMET|" },
	{ "S-1-5-18", false,
	  "SYSTEM|LOCAL SYSTEM|Système|SISTEMA|JÄRJESTELMÄ|RENDSZER|СИСТЕМА|"
	  "SİSTEM|" },
	{ "S-1-5-19", false,
	  "LOCAL SERVICE|LOKALER DIENST|SERVICE LOCAL|SERVICIO LOCAL|"
	  "SERVIZIO LOCALE|SERVIÇO LOCAL|LOKALE SERVICE|LOKAL TJÄNST|"
	  "LOKAL TJENESTE|PAIKALLINEN PALVELU|USŁUGA LOKALNA|MÍSTNÍ SLUŽBA|"
	  "HELYI SZOLGÁLTATÁS|ЛОКАЛЬНАЯ СЛУЖБА|YEREL HİZMET|" },
	{ "S-1-5-20", false,
	  "NETWORK SERVICE|NETZWERKDIENST|SERVICE RÉSEAU|SERVICE RESEAU|"
	  "SERVICIO DE RED|SERVIZIO DI RETE|SERVIÇO DE REDE|SERVIÇO REDE|"
	  "NETWERKSERVICE|NÄTVERKSTJÄNST|NETVÆRKSTJENESTE|NETTVERKSTJENESTE|"
	  "VERKKOPALVELU|USŁUGA SIECIOWA|SÍŤOVÁ SLUŽBA|HÁLÓZATI SZOLGÁLTATÁS|"
	  "СЕТЕВАЯ СЛУЖБА|AĞ HİZMETİ|" },
	{ "S-1-5-2", true,
	  "NETWORK|NETZWERK|RESEAU|RÉSEAU|RED|RETE|REDE|NETWERK|NÄTVERK|"
	  "NETVÆRK|NETTVERK|VERKKO|SIEĆ|SÍŤ|HÁLÓZAT|СЕТЬ|AĞ|" },
	{ "S-1-5-3", true,
	  "BATCH|BATCHVERARBEITUNG|STAPELVERARBEITUNG|TRAITEMENT PAR LOTS|"
	  "LOTE|PROCESO POR LOTES|LOTES|SATS|ERÄ|WSAD|DÁVKA|KÖTEG|"
	  "ПАКЕТНЫЕ ФАЙЛЫ|TOPLU İŞ|" },
	{ "S-1-5-4", true,
	  "INTERACTIVE|INTERAKTIV|INTERACTIF|INTERACTIVO|INTERATTIVO|"
	  "INTERATIVO|INTERACTIEF|INTERAKTIIVINEN|INTERAKTYWNA|INTERAKTIVNÍ|"
	  "ИНТЕРАКТИВНЫЕ|ETKİLEŞİMLİ|" },
	{ "S-1-5-7", false,
	  "ANONYMOUS LOGON|ANONYMOUS-ANMELDUNG|LOGON ANÔNIMO|"
	  "INICIO DE SESIÓN ANÓNIMO|ACCESSO ANONIMO|ANONIEME AANMELDING|"
	  "ANONYM INLOGGNING|ANONYMT LOGON|ANONYM PÅLOGGING|"
	  "ANONYYMI SISÄÄNKIRJAUS|LOGOWANIE ANONIMOWE|ANONYMNÍ PŘIHLÁŠENÍ|"
	  "NÉVTELEN BEJELENTKEZÉS|АНОНИМНЫЙ ВХОД|ANONİM OTURUM AÇMA|" },
	{ "S-1-5-11", false,
	  "Authenticated Users|Authentifizierte Benutzer|"
	  "Utilisateurs authentifiés|Usuarios autentificados|"
	  "Usuarios autenticados|Utenti autenticati|Usuários autenticados|"
	  "Utilizadores autenticados|Geverifieerde gebruikers|"
	  "Autentiserade användare|Godkendte brugere|Godkente brukere|"
	  "Todennetut käyttäjät|Użytkownicy uwierzytelnieni|"
	  "Ověření uživatelé|Hitelesített felhasználók|Прошедшие проверку|"
	  "Kimliği Doğrulanmış Kullanıcılar|" },
	{ "S-1-5-113", false,
	  "Local account|Lokales Konto|Compte local|Cuenta local|"
	  "Account locale|Conta local|Lokaal account|Lokalt konto|"
	  "Paikallinen tili|Konto lokalne|Místní účet|Helyi fiók|"
	  "Локальная учетная запись|Yerel hesap|" },
	{ "S-1-5-114", false,
	  "Local account and member of Administrators group|"
	  "Lokales Konto und Mitglied der Gruppe \"Administratoren\"|"
	  "Lokales Konto und Mitglied der Gruppe Administratoren|"
	  "Compte local et membre du groupe Administrateurs|"
	  "Cuenta local y miembro del grupo de administradores|"
	  "Account locale e membro del gruppo Administrators|"
	  "Conta local e membro do grupo Administradores|" },
	{ "S-1-5-9", false,
	  "ENTERPRISE DOMAIN CONTROLLERS|DOMÄNENCONTROLLER DER ORGANISATION|"
	  "CONTRÔLEURS DE DOMAINE D'ENTREPRISE|"
	  "CONTRÔLEURS DE DOMAINE D’ENTREPRISE|"
	  "CONTROLADORES DE DOMINIO EMPRESARIAL|" },
	{ "S-1-5-32-544", false,
	  "Administrators|Administratoren|Administrateurs|Administradores|"
	  "Amministratori|Administratörer|Administratorer|"
	  "Järjestelmänvalvojat|Administratorzy|Administrátoři|"
	  "Rendszergazdák|Администраторы|Yöneticiler|" },
	{ "S-1-5-32-545", false,
	  "Users|Benutzer|Utilisateurs|Usuarios|Utenti|Usuários|Utilizadores|"
	  "Gebruikers|Användare|Brugere|Brukere|Käyttäjät|Użytkownicy|"
	  "Uživatelé|Felhasználók|Пользователи|Kullanıcılar|" },
	{ "S-1-5-32-546", false,
	  "Guests|Gäste|Invités|Invitados|Convidados|Gasten|Gäster|Gæster|"
	  "Gjester|Vieraat|Goście|Hosté|Vendégek|Гости|Konuklar|" },
	{ "S-1-5-32-547", false,
	  "Power Users|Hauptbenutzer|Utilisateurs avec pouvoir|"
	  "Usuarios avanzados|Usuários avançados|Utilizadores avançados|"
	  "Hoofdgebruikers|Privilegierade användare|Superbrugere|"
	  "Privilegerte brukere|Tehokäyttäjät|Użytkownicy zaawansowani|"
	  "Kiemelt felhasználók|Опытные пользователи|Güçlü Kullanıcılar|" },
	{ "S-1-5-32-548", false,
	  "Account Operators|Konten-Operatoren|Opérateurs de compte|"
	  "Opérateurs de comptes|Opers. de cuentas|Operadores de cuentas|"
	  "Opers. de contas|Operadores de Contas|Kontoansvariga|"
	  "Kontooperatører|Kontoperatører|Tilioperaattorit|Operatorzy kont|"
	  "Fiókfelelősök|Операторы учета|Hesap İşletmenleri|" },
	{ "S-1-5-32-549", false,
	  "Server Operators|Server-Operatoren|Opérateurs de serveur|"
	  "Opérateurs de serveurs|Opers. de servidores|"
	  "Operadores de servidores|Operadores de Servidor|Serveransvariga|"
	  "Serveroperatører|Palvelinoperaattorit|Operatorzy serwerów|"
	  "Kiszolgálófelelősök|Операторы сервера|Sunucu İşletmenleri|" },
	{ "S-1-5-32-550", false,
	  "Print Operators|Druck-Operatoren|Opérateurs d'impression|"
	  "Opérateurs d’impression|Opers. de impresión|"
	  "Operadores de impresión|Operadores de Impressão|"
	  "Utskriftsansvariga|Udskriftsoperatører|Utskriftsoperatører|"
	  "Tulostusoperaattorit|Operatorzy drukowania|Nyomtatófelelősök|"
	  "Операторы печати|Yazdırma İşletmenleri|" },
	{ "S-1-5-32-551", false,
	  "Backup Operators|Sicherungs-Operatoren|Sicherungsoperatoren|"
	  "Opérateurs de sauvegarde|Operadores de copia de seguridad|"
	  "Operadores de cópia|Operadores de Cópia de Segurança|"
	  "Back-upoperators|Ansvariga för säkerhetskopiering|"
	  "Sikkerhedskopieringsoperatører|Operatører for sikkerhetskopiering|"
	  "Varmuuskopio-operaattorit|Operatorzy kopii zapasowych|"
	  "Biztonságimásolat-felelősök|Операторы архива|"
	  "Yedekleme İşletmenleri|Yedek İşletmenleri|" },
	{ "S-1-5-32-552", false,
	  "Replicator|Replikations-Operator|Réplicateurs|Duplicadores|"
	  "Duplicador|Replicador|Replikerare|Replikatorer|Replikoija|"
	  "Replikator|Replikátor|Репликатор|Çoğaltıcı|" },
	{ "S-1-5-32-555", false,
	  "Remote Desktop Users|Remotedesktopbenutzer|"
	  "Utilisateurs du Bureau à distance|Usuarios de escritorio remoto|"
	  "Utenti desktop remoto|Usuários da área de trabalho remota|"
	  "Utilizadores de ambiente de trabalho remoto|"
	  "Externe bureaubladgebruikers|Gebruikers van Extern bureaublad|"
	  "Användare av fjärrskrivbord|Brugere af Fjernskrivebord|"
	  "Eksterne skrivebordsbrukere|Brukere av eksternt skrivebord|"
	  "Etätyöpöydän käyttäjät|Użytkownicy pulpitu zdalnego|"
	  "Asztal távoli felhasználói|Пользователи удаленного рабочего стола|"
	  "Uzak Masaüstü Kullanıcıları|" },
	{ "S-1-5-32-556", false,
	  "Network Configuration Operators|Netzwerkkonfigurations-Operatoren|"
	  "Opérateurs de configuration réseau|"
	  "Operadores de configuración de red|"
	  "Operadores de configuração de rede|Netwerkconfiguratieoperators|"
	  "Ansvariga för nätverkskonfigurering|"
	  "Netværkskonfigurationsoperatører|"
	  "Nettverkskonfigurasjonsoperatører|Verkkomääritysoperaattorit|"
	  "Operatorzy konfiguracji sieci|Hálózatbeállítási felelősök|"
	  "Операторы настройки сети|Ağ Yapılandırma İşletmenleri|" },
	{ "S-1-5-32-558", false,
	  "Performance Monitor Users|Systemmonitorbenutzer|"
	  "Leistungsüberwachungsbenutzer|"
	  "Utilisateurs de l'Analyseur de performances|"
	  "Utilisateurs de l’Analyseur de performances|"
	  "Usuarios del monitor de sistema|Usuários de monitor de desempenho|"
	  "Användare av prestandaövervakare|Użytkownicy monitora wydajności|"
	  "Пользователи системного монитора|" },
	{ "S-1-5-32-559", false,
	  "Performance Log Users|Leistungsprotokollbenutzer|"
	  "Utilisateurs du journal de performances|"
	  "Usuarios del registro de rendimiento|"
	  "Usuários de log de desempenho|Användare av prestandaloggar|"
	  "Użytkownicy dzienników wydajności|"
	  "Пользователи журналов производительности|" },
	{ "S-1-5-32-562", false,
	  "Distributed COM Users|Distributed COM-Benutzer|"
	  "Utilisateurs du modèle COM distribué|Usuarios COM distribuidos|"
	  "Usuários COM Distribuídos|DCOM-användare|Użytkownicy DCOM|"
	  "Пользователи DCOM|" },
	{ "S-1-5-32-568", false, "IIS_IUSRS|" },
	{ "S-1-5-32-573", false,
	  "Event Log Readers|Ereignisprotokollleser|"
	  "Lecteurs des journaux d'événements|"
	  "Lecteurs des journaux d’événements|"
	  "Lectores del registro de eventos|Leitores de log de eventos|"
	  "Czytelnicy dzienników zdarzeń|Читатели журнала событий|" },
	{ "S-1-5-32-578", false,
	  "Hyper-V Administrators|Hyper-V-Administratoren|"
	  "Administrateurs Hyper-V|Administradores de Hyper-V|"
	  "Administradores do Hyper-V|Hyper-V-administratörer|"
	  "Administratorzy funkcji Hyper-V|Администраторы Hyper-V|" },
	{ "S-1-5-32-580", false,
	  "Remote Management Users|Remoteverwaltungsbenutzer|"
	  "Utilisateurs de gestion à distance|"
	  "Usuarios de administración remota|"
	  "Usuários de gerenciamento remoto|Fjärrhanteringsanvändare|"
	  "Użytkownicy zarządzania zdalnego|"
	  "Пользователи удаленного управления|" },
	{ "MACHINE-500", false,
	  "Administrator|Administrateur|Administrador|Amministratore|"
	  "Administratör|Järjestelmänvalvoja|Rendszergazda|Администратор|"
	  "Yönetici|" },
	{ "MACHINE-501", false,
	  "Guest|Gast|Invité|Invitado|Convidado|Gäst|Gæst|Gjest|Vieras|Gość|"
	  "Vendég|Гость|Konuk|Misafir|" },
	{ "MACHINE-503", false, "DefaultAccount|" },
	{ "MACHINE-504", false, "WDAGUtilityAccount|" },
	{ "DOMAIN-498", false, "Enterprise Read-only Domain Controllers|" },
	{ "DOMAIN-512", false,
	  "Domain Admins|Domänen-Admins|Admins du domaine|"
	  "Administrateurs du domaine|Admins. del dominio|"
	  "Administradores del dominio|Admins. do Domínio|"
	  "Administradores do Domínio|Admins do Domínio|Domänadministratörer|"
	  "Domæneadministratorer|Domeneadministratorer|"
	  "Toimialueen järjestelmänvalvojat|Administratorzy domeny|"
	  "Tartománygazdák|Администраторы домена|" },
	{ "DOMAIN-513", false,
	  "Domain Users|Domänen-Benutzer|Utilisateurs du domaine|"
	  "Utilisa. du domaine|Usuarios del dominio|Usuários do Domínio|"
	  "Utilizadores do Domínio|Domänanvändare|Domænebrugere|"
	  "Domenebrukere|Toimialueen käyttäjät|Użytkownicy domeny|"
	  "Tartományfelhasználók|Пользователи домена|" },
	{ "DOMAIN-514", false,
	  "Domain Guests|Domänen-Gäste|Invités du domaine|"
	  "Invitados del dominio|Convidados do Domínio|Domängäster|"
	  "Goście domeny|Tartományvendégek|Гости домена|" },
	{ "DOMAIN-515", false,
	  "Domain Computers|Domänencomputer|Ordinateurs du domaine|"
	  "Equipos del dominio|Computadores do domínio|Domändatorer|"
	  "Komputery domeny|Tartományi számítógépek|Компьютеры домена|" },
	{ "DOMAIN-516", false,
	  "Domain Controllers|Domänencontroller|Contrôleurs de domaine|"
	  "Controladores de dominio|Controladores de domínio|"
	  "Domänkontrollanter|Kontrolery domeny|Tartományvezérlők|"
	  "Контроллеры домена|" },
	{ "DOMAIN-517", false,
	  "Cert Publishers|Zertifikatherausgeber|Éditeurs de certificats|"
	  "Publicadores de certificados|" },
	{ "DOMAIN-518", false,
	  "Schema Admins|Schema-Admins|Administrateurs du schéma|"
	  "Administradores de esquema|Schemaadministratörer|"
	  "Administratorzy schematu|Sémagazdák|Администраторы схемы|" },
	{ "DOMAIN-519", false,
	  "Enterprise Admins|Organisations-Admins|"
	  "Administrateurs de l'entreprise|Administrateurs de l’entreprise|"
	  "Administradores de empresas|Administradores de organización|"
	  "Administradores de empresa|Administradores da Empresa|"
	  "Företagsadministratörer|Administratorzy przedsiębiorstwa|"
	  "Vállalati rendszergazdák|Администраторы предприятия|" },
	{ "DOMAIN-520", false,
	  "Group Policy Creator Owners|Richtlinien-Ersteller-Besitzer|"
	  "Propriétaires créateurs de la stratégie de groupe|"
	  "Propietarios del creador de directivas de grupo|"
	  "Twórcy-właściciele zasad grupy|"
	  "Владельцы-создатели групповой политики|" },
	{ "DOMAIN-521", false, "Read-only Domain Controllers|" },
	{ "DOMAIN-522", false, "Cloneable Domain Controllers|" },
	{ "DOMAIN-525", false, "Protected Users|" },
	{ "DOMAIN-526", false, "Key Admins|" },
	{ "DOMAIN-527", false, "Enterprise Key Admins|" },
	{ "DOMAIN-553", false, "RAS and IAS Servers|RAS- und IAS-Server|" },
};

const size_t names_row_count = sizeof(names_rows) / sizeof(names_rows[0]);

const char *const names_authorities =
	"BUILTIN|VORDEFINIERT|INTEGRADO|PREDEFINITO|INCORPORADO|INGEBOUWD|INBYGGD|"
	"SISÄINEN|WBUDOWANE|WBUDOWANI|BEÉPÍTETT|ВСТРОЕННЫЕ|YERLEŞİK|"
	"NT AUTHORITY|NT-AUTORITÄT|AUTORITE NT|AUTORITÉ NT|NT-AUTORITET|NT-MYNDIGHET|"
	"NT INSTANS|NT-INSTANS|AUTORIDADE NT|ZARZĄDZANIE NT|NT AUTHORITY\\SYSTEM|";

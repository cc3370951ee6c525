/**
 * The passwords that are tried first: 12,300 that people choose again and again, in lower case. They are digits in a row,
 * walks over the keyboard, names, teams, places, and all of these with a year or 123 behind. None is shorter than 8
 * characters: minLength refuses those by itself (NIST SP 800-63B section 5.1.1.2 asks for such a list).
 */
export const COMMON_PASSWORDS = `
12345678 01234567 123456789 012345678 1234567890 0123456789 1234567891 12345678901 01234567891 12345678912
123456789012 012345678912 123456789123 1234567890123 0123456789123 1234567891234 12345678901234 01234567891234
12345678912345 123456789012345 012345678912345 123456789123456 1234567890123456 0123456789123456 1234567891234567
00000000 000000000 0000000000 00000000000 000000000000 0000000000000 00000000000000 000000000000000 0000000000000000
11111111 111111111 1111111111 11111111111 111111111111 1111111111111 11111111111111 111111111111111 1111111111111111
22222222 222222222 2222222222 22222222222 222222222222 2222222222222 22222222222222 222222222222222 2222222222222222
33333333 333333333 3333333333 33333333333 333333333333 3333333333333 33333333333333 333333333333333 3333333333333333
44444444 444444444 4444444444 44444444444 444444444444 4444444444444 44444444444444 444444444444444 4444444444444444
55555555 555555555 5555555555 55555555555 555555555555 5555555555555 55555555555555 555555555555555 5555555555555555
66666666 666666666 6666666666 66666666666 666666666666 6666666666666 66666666666666 666666666666666 6666666666666666
77777777 777777777 7777777777 77777777777 777777777777 7777777777777 77777777777777 777777777777777 7777777777777777
88888888 888888888 8888888888 88888888888 888888888888 8888888888888 88888888888888 888888888888888 8888888888888888
99999999 999999999 9999999999 99999999999 999999999999 9999999999999 99999999999999 999999999999999 9999999999999999
aaaaaaaa aaaaaaaaaa aaaaaaaaaaaa bbbbbbbb bbbbbbbbbb bbbbbbbbbbbb cccccccc cccccccccc cccccccccccc dddddddd dddddddddd
dddddddddddd eeeeeeee eeeeeeeeee eeeeeeeeeeee ffffffff ffffffffff ffffffffffff gggggggg gggggggggg gggggggggggg
hhhhhhhh hhhhhhhhhh hhhhhhhhhhhh iiiiiiii iiiiiiiiii iiiiiiiiiiii jjjjjjjj jjjjjjjjjj jjjjjjjjjjjj kkkkkkkk kkkkkkkkkk
kkkkkkkkkkkk llllllll llllllllll llllllllllll mmmmmmmm mmmmmmmmmm mmmmmmmmmmmm nnnnnnnn nnnnnnnnnn nnnnnnnnnnnn
oooooooo oooooooooo oooooooooooo pppppppp pppppppppp pppppppppppp qqqqqqqq qqqqqqqqqq qqqqqqqqqqqq rrrrrrrr rrrrrrrrrr
rrrrrrrrrrrr ssssssss ssssssssss ssssssssssss tttttttt tttttttttt tttttttttttt uuuuuuuu uuuuuuuuuu uuuuuuuuuuuu
vvvvvvvv vvvvvvvvvv vvvvvvvvvvvv wwwwwwww wwwwwwwwww wwwwwwwwwwww xxxxxxxx xxxxxxxxxx xxxxxxxxxxxx yyyyyyyy yyyyyyyyyy
yyyyyyyyyyyy zzzzzzzz zzzzzzzzzz zzzzzzzzzzzz 87654321 987654321 9876543210 0987654321 01234567890 12344321 11223344
1122334455 112233445566 11112222 12121212 123123123 123123123123 123321123321 123321123 123454321 1234554321
123456654321 12345654321 1234567654321 123456787654321 12345678987654321 147258369 147852369 741852963 789456123
159753456852 159357258 963852741 123654789 987654321987654321 14725836 15975346 25802580 102030405060 1020304050
10203040 13579135 24681012 2468101214 135792468 1357924680 246813579 314159265 31415926 3141592653589 4815162342
27182818 20002000 19901990 20202020 10101010 21212121 01010101 11111112 12345679 123456781 12345678910 123456789101
1234567891011 012345678910 123412341234 12341234 56785678 12345612 123456123456 123456123 102938475 1029384756
10293847 56473829 19283746 192837465 5201314520 52013145 1314520520 147147147 159159159 258258258 369369369 456456456
789789789 321321321 654654654 987987987 123789456 456789123 789123456 99887766 998877665544 55667788 44332211 55443322
12211221 13131313 14141414 69696969 77778888 88889999 66668888 00001111 00112233 0011223344 001122334455 111222333
111222333444 11122233 111222333444555 22334455 33445566 999888777 00000001 10000000 12345687 qwertyui qwertyuio
qwertyuiop qwertyuiop[] qwertyuiop123 qwertyuiop1234 qwertyuiop1 qwertyuiop12 qwertyuiop12345 asdfghjk asdfghjkl
asdfghjkl; asdfghjkl1 asdfghjkl123 zxcvbnm1 zxcvbnm12 zxcvbnm123 zxcvbnm1234 zxcvbnm, zxcvbnm,. zxcvbnm,./ 1qaz2wsx
1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qaz2wsx3edc4rfv5tgb 1qaz@wsx 1qaz@wsx3edc !qaz2wsx !qaz@wsx !qaz1qaz 1qazxsw2
1qazxsw23edc 1qazxsw23edcvfr4 zaq12wsx zaq12wsxcde3 zaq1xsw2 zaq1xsw2cde3 zaq1zaq1 zaq!2wsx zaq!xsw2 2wsx3edc 2wsxcde3
3edc4rfv 4rfv5tgb 5tgb6yhn 6yhn7ujm 1qaz1qaz 2wsx2wsx qazwsx123 qazwsx12 qazwsx1234 qazwsxedc qazwsxedc123
qazwsxedcrfv qazwsxedcrfvtgb qazxswedc qazxswedc123 qazxswedcvfr qazqazqaz wsxedcrf edcrfvtgb qweasdzxc qweasdzxc123
qweasd123 qweasdzx qwe123qwe qwe123qwe123 qwe123asd qwe123456 qwe12345 qwe123123 qweqwe123 qweqweqwe qweqwe12
123qweqwe 123qweasd 123qweasdzxc 123qwe123 123qwe456 123qwe123qwe 123123qwe 123123qweqwe qweasdqwe asdqwe123 asdzxc123
asd123asd asd12345 asd123456 asdasd123 asdasdasd asdfasdf asdfasdfasdf asdf1234 asdf12345 asdf123456 asdfghjk123
asdfgh123 asdfgh12 asdfgh123456 asdfg123 asdfg1234 asdfg12345 1234asdf 12345asdf zxcasdqwe zxcasdqwe123 zxcvbn123
zxcvbn12 zxcvbn123456 zxcv1234 zxcvzxcv zxc12345 zxc123456 zxc123zxc zxczxczxc 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y
1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o0p 1q2w3e4r! 1q2w3e4r. 1q2w3e4r5 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6
q1w2e3r4t5y6u7 q1w2e3r4t5y6u7i8 1q1q1q1q q1q1q1q1 1a2b3c4d 1a2b3c4d5e a1b2c3d4 a1b2c3d4e5 a1b2c3d4e5f6 a1s2d3f4
a1s2d3f4g5 a1s2d3f4g5h6 1a2s3d4f 1a2s3d4f5g z1x2c3v4 z1x2c3v4b5 z1x2c3v4b5n6 1z2x3c4v 1qa2ws3ed 1qa2ws3ed4rf 12qwaszx
12qw34er 12qw34er56ty 12qwasyx 1234qwer 1234qwerasdf 1234qwerasdfzxcv 12345qwe 12345qwer 12345qwert 123456qwe
123456qwer 123456qwert 123456qwerty 1234567q 12345678q 123456789q 1234567890q 123456789qwe 123456789qwer
123456789qwerty 1234567890qwe 1234567890qwerty 12345678a 123456789a 1234567890a 1234567a 123456aa 123456abc
123456789abc 12345abc 1234abcd 123abc123 123456as 123456asd 123456789asd 123456789z 123456789zxc 123456zxc 12345zxc
a1234567 a12345678 a123456789 a1234567890 aa123456 aa12345678 aa123456789 aaa12345 aaa123456 abc12345 abc123456
abc1234567 abc12345678 abc123456789 abcd1234 abcd12345 abcd123456 abcd12345678 abcde123 abcde1234 abcde12345 abcdef12
abcdef123 abcdef1234 abcdefgh abcdefghi abcdefghij abcdefghijk abcdefghijkl abcdefg1 abcdefg123 abcdefgh1 abcdabcd
abcabcabc abcabc123 abc123abc abc123abc123 abc123123 abc123!@# abc@1234 abc@123456 q1234567 q12345678 q123456789
qq123456 qq12345678 qqww1122 qqqq1111 qwer1234 qwer12345 qwer123456 qwer1234! qwer!234 qwert123 qwert1234 qwert12345
qwert123456 qwerqwer qwertqwert qwerasdf qwerasdfzxcv qwerty01 qwerty10 qwerty11 qwerty12 qwerty13 qwerty21 qwerty22
qwerty66 qwerty69 qwerty77 qwerty88 qwerty99 qwerty00 qwerty007 qwerty111 qwerty123 qwerty321 qwerty666 qwerty777
qwerty789 qwerty1234 qwerty12345 qwerty123456 qwerty1234567 qwerty12345678 qwerty123456789 qwerty123! qwerty12!
qwerty1! qwertyqwerty qwertyytrewq qwertyasdf qwertyasdfgh qwertyasdfghzxcvbn qwertyu1 qwertyu8 qwertyui1 qwertyui123
azerty123 azerty12 azerty1234 azerty12345 azerty123456 azertyui azertyuiop azertyuiop123 qwertz123 qwertz12 qwertz1234
qwertz123456 qwertzui qwertzuiop yxcvbnm1 poiuytre poiuytrewq poiuytrewq1 lkjhgfdsa lkjhgfds mnbvcxz1 mnbvcxzlkjhgfdsa
mnbvcxz123 0okm9ijn 9ijn8uhb 0p9o8i7u 7ujm8ik, wasdwasd wasd1234 !@#$%^&* !@#$%^&*( !@#$%^&*() !@#$%^&*()_+ !@#$1234
1234!@#$ !@#123qwe 123!@#qwe qwe!@#123 qwe123!@# 1!2@3#4$ p@ssw0rd p@ssword p@ssw0rd1 p@ssword1 p@ssw0rd! p@ssw0rd123
p@ssw0rd123! p@ssword123 p@ssword123! p@ssw0rd1234 p@ssword1234 p@55w0rd p@55word p455w0rd pa55w0rd pa55word pa$$w0rd
pa$$word pa$$word1 pa$$w0rd1 pa$$word123 pa$$w0rd123 passw0rd passw0rd1 passw0rd! passw0rd12 passw0rd123 passw0rd1234
passw0rd123! pass@123 pass@1234 pass@word pass@word1 pass@word1! pass@w0rd pass1234 pass12345 pass123456 pass1234567
pass12345678 passpass passpass1 passpass123 passpasspass pass4word passwort passwort1 passwort12 passwort123
passwort1234 passwort! passwordpassword password-1 password_1 password. password.1 password.123 password_123
password-123 password@1 password@12 password@123 password@1234 password@12345 password#1 password#123 password$1
mypassword mypassword1 mypassword123 mypassword! mypass123 mypass1234 mysecret mysecret1 mysecret123 mysecretpassword
thepassword thisismypassword thisisapassword yourpassword newpassword newpassword1 newpassword123 newpass123
newpass1234 oldpassword oldpassword1 testpassword testpassword1 testpassword123 userpassword adminpassword adminpass
adminpass123 rootpassword rootroot rootroot123 root1234 root12345 root123456 toortoor admin123 admin1234 admin12345
admin123456 admin12345678 admin123! admin@123 admin@1234 admin@12345 admin@123456 admin!123 admin#123 adminadmin
adminadmin1 adminadmin123 admin2020 admin2021 admin2022 admin2023 admin2024 admin2025 administrator administrator1
administrator123 administrator! administrator@123 superadmin superadmin1 superadmin123 superuser superuser1
superuser123 sysadmin sysadmin1 sysadmin123 masterpassword masterkey masterkey1 defaultpassword default1 default123
changeme changeme1 changeme12 changeme123 changeme1234 changeme! changeme123! changeit changeit1 changeit123
changemenow changethis changethis123 changepassword letmein1 letmein12 letmein123 letmein1234 letmein12345 letmein!
letmeinnow letmeinplease letmein22 welcome1 welcome2 welcome12 welcome123 welcome1234 welcome12345 welcome123456
welcome! welcome1! welcome123! welcome@1 welcome@12 welcome@123 welcome@1234 welcome01 welcome10 welcome99 welcome2020
welcome2021 welcome2022 welcome2023 welcome2024 welcome2025 welcomehome welcomeback welcome2home guestguest guest123
guest1234 guest12345 user1234 user12345 user123456 useruser testtest testtest1 testtest123 testtesttest test1234
test12345 test123456 test12345678 test123! test@123 test@1234 testing1 testing12 testing123 testing1234 testuser
testuser1 testuser123 tester123 temp1234 temp12345 temppass temppass1 temppass123 temppassword temporary temporary1
temporary123 demo1234 demo12345 demodemo demopass sample123 example1 example123 secret12 secret123 secret1234
secret12345 secret123! secretsecret supersecret supersecret1 supersecret123 supersecretpassword topsecret topsecret1
topsecret123 nopassword nopass123 nothing1 nothing123 whatever whatever1 whatever12 whatever123 whatever!
correcthorsebatterystaple correcthorse trustno1 trustno11 trustnoone trustme1 trustme123 opensesame opensesame1
iloveyou iloveyou! iloveyou1 iloveyou2 iloveyou3 iloveyou12 iloveyou123 iloveyou1234 iloveyou12345 iloveyou22
iloveyou143 iloveyou4ever iloveyou2much iloveyouu iloveyouso iloveyousomuch iloveyouforever iloveyoubaby iloveyoutoo
iloveu123 iloveu12 iloveu2! ilovehim ilovehim1 iloveher iloveher1 ilovegod ilovegod1 ilovejesus ilovejesus1 ilovemom
ilovemom1 ilovemymom ilovemyfamily ilovemyself ilovemyself1 ilovemylife ilovemywife ilovemydog ilovemycat ilovedogs
ilovecats ilovemusic iloveme1 iloveme2 iloveme123 loveyou1 loveyou2 loveyou123 loveyou12 loveme12 loveme123 lovelove
lovelove1 lovelove123 lovelovelove love1234 love12345 love123456 love4ever loveforever loveislife lovelife lovelife1
lovely12 lovely123 lovehurts truelove truelove1 mylove123 mylove12 mylovemy youandme youandme1 forever1 forever21
forever123 foreveryoung foreverlove foreverlove1 fuckyou1 fuckyou12 fuckyou123 fuckyou2 fuckyou! fuckyou69 fuckoff1
fuckoff123 bullshit bullshit1 dickhead asshole1 asshole123 motherfucker bitch123 bitches1 shithead passphrase
passphrase1 passkey123 passcode passcode1 passcode123 password0 computer1 changeme2 p4ssw0rd p4ssword pssword1
drowssap drowssap1 heslo123 contrasena contrasena1 contrasena123 motdepasse motdepasse1 motdepasse123 senha123
senha1234 senha12345 senha123456 minhasenha parola123 parola12 haslo123 haslo1234 zaq123wsx wachtwoord wachtwoord1
wachtwoord123 salasana salasana1 salasana123 losenord lozinka1 hallo123 hallo1234 hallo12345 bonjour1 bonjour123
hola1234 hola12345 hello123 hello1234 hello12345 hello123! hellohello hellokitty hellokitty1 helloworld helloworld1
helloworld123 hellothere hithere1 azertyqsdf soleil123 doudou123 loulou123 chouchou chouchou1 ghbdtnghbdtn
ghjcnjgfhjkm gfhjkm123 gfhjkmgfhjkm fktrcfylh fylhtq123 cthutq123 vfhbyf123 yfnfif123 privet123 parol123 parol1234
parol12345 lubov123 marina123 natasha1 zxcdsaqwe 7777777a 12345678i 1234567890- 123456789. 123456789! 12345678!
1234567! 1234567890! 12345678@ 123456789@ 123456789+ 123456789* 123456789m 123456789s 12345678m 12345678s 12345678w
123456789k 123456789d 123456789j woaini123 woaini1314 woaini520 woaini521 woaiwojia wang1234 zhang123 5201314a
5201314q 1314520a asd123456789 a5201314 caonima123 nihao123 wodemima gateway1 gateway123 gateway1234 gatewayctl
gatewaygateway server123 server1234 network1 network123 internet internet1 internet123 windows1 windows7 windows10
windows123 microsoft microsoft1 microsoft123 linux123 ubuntu123 ubuntu1234 debian123 raspberry raspberrypi raspberry1
raspberry123 google123 google1234 googlegoogle facebook facebook1 facebook123 twitter1 twitter123 instagram instagram1
instagram123 youtube1 youtube123 linkedin linkedin1 linkedin123 netflix1 netflix123 spotify1 spotify123 amazon123
amazon1234 paypal123 apple123 apple1234 iphone123 iphone12 android1 android123 samsung1 samsung123 samsung1234
samsung12 nokia123 nokia1234 nokia6300 nokia5800 nokian73 nokian95 sonyericsson motorola motorola1 blackberry
blackberry1 toshiba1 logitech logitech1 compaq123 hewlett1 hewlettpackard ciscocisco cisco123 cisco1234 oracle123
oracle10g oracle11g postgres postgres1 postgres123 postgresql mysql123 mysql1234 mongodb123 redis123 redis1234
docker123 kubernetes kubernetes1 kubernetes123 jenkins1 jenkins123 tomcat123 ansible1 vagrant1 vagrant123 grafana1
grafana123 elastic1 elastic123 elasticsearch rabbitmq rabbitmq1 rabbitmq123 minioadmin minioadmin123 keycloak
keycloak1 keycloak123 gitlab123 github123 database database1 database123 security security1 security123 developer
developer1 developer123 development development1 production production1 production123 staging123 manager1 manager123
manager1234 operator operator1 operator123 support1 support123 support1234 service1 service123 service1234 helpdesk
helpdesk1 helpdesk123 company1 company123 business business1 business123 office123 office365 office2016 office2019
system123 system32 system1234 systems1 backup123 backup1234 monitor1 monitor123 student1 student123 student1234
teacher1 teacher123 school123 school1234 college1 university university1 library1 library123 password1 password2
password3 password4 password5 password6 password7 password8 password9 password00 password01 password02 password03
password04 password05 password06 password07 password08 password09 password10 password11 password12 password13
password14 password21 password22 password23 password33 password44 password55 password66 password69 password77
password88 password99 password007 password101 password111 password123 password234 password321 password420 password666
password777 password789 password911 password999 password1111 password1234 password1337 password2000 password4321
password12345 password54321 password123456 password654321 password1234567 password12345678 password123456789
password1234567890 password! password!! password!1 password1! password12! password123! password1234! password12345!
passwordabc passwordme passworda passwordq passwordx passwordz passwordxyz password1980 password1980! password1981
password1981! password1982 password1982! password1983 password1983! password1984 password1984! password1985
password1985! password1986 password1986! password1987 password1987! password1988 password1988! password1989
password1989! password1990 password1990! password1991 password1991! password1992 password1992! password1993
password1993! password1994 password1994! password1995 password1995! password1996 password1996! password1997
password1997! password1998 password1998! password1999 password1999! password2000! password2001 password2001!
password2002 password2002! password2003 password2003! password2004 password2004! password2005 password2005!
password2006 password2006! password2007 password2007! password2008 password2008! password2009 password2009!
password2010 password2010! password2011 password2011! password2012 password2012! password2013 password2013!
password2014 password2014! password2015 password2015! password2016 password2016! password2017 password2017!
password2018 password2018! password2019 password2019! password2020 password2020! password2021 password2021!
password2022 password2022! password2023 password2023! password2024 password2024! password2025 password2025!
password2026 password2026! 1password 12password 123password 1234password qwerty02 qwerty03 qwerty04 qwerty05 qwerty06
qwerty07 qwerty08 qwerty09 qwerty14 qwerty23 qwerty33 qwerty44 qwerty55 qwerty101 qwerty234 qwerty420 qwerty911
qwerty999 qwerty1111 qwerty1337 qwerty2000 qwerty4321 qwerty54321 qwerty654321 qwerty1234567890 qwerty!! qwerty!1
qwerty1234! qwerty12345! qwerty@1 qwerty@123 qwerty#1 qwertyabc qwertyme qwertyxyz qwerty1980 qwerty1980! qwerty1981
qwerty1981! qwerty1982 qwerty1982! qwerty1983 qwerty1983! qwerty1984 qwerty1984! qwerty1985 qwerty1985! qwerty1986
qwerty1986! qwerty1987 qwerty1987! qwerty1988 qwerty1988! qwerty1989 qwerty1989! qwerty1990 qwerty1990! qwerty1991
qwerty1991! qwerty1992 qwerty1992! qwerty1993 qwerty1993! qwerty1994 qwerty1994! qwerty1995 qwerty1995! qwerty1996
qwerty1996! qwerty1997 qwerty1997! qwerty1998 qwerty1998! qwerty1999 qwerty1999! qwerty2000! qwerty2001 qwerty2001!
qwerty2002 qwerty2002! qwerty2003 qwerty2003! qwerty2004 qwerty2004! qwerty2005 qwerty2005! qwerty2006 qwerty2006!
qwerty2007 qwerty2007! qwerty2008 qwerty2008! qwerty2009 qwerty2009! qwerty2010 qwerty2010! qwerty2011 qwerty2011!
qwerty2012 qwerty2012! qwerty2013 qwerty2013! qwerty2014 qwerty2014! qwerty2015 qwerty2015! qwerty2016 qwerty2016!
qwerty2017 qwerty2017! qwerty2018 qwerty2018! qwerty2019 qwerty2019! qwerty2020 qwerty2020! qwerty2021 qwerty2021!
qwerty2022 qwerty2022! qwerty2023 qwerty2023! qwerty2024 qwerty2024! qwerty2025 qwerty2025! qwerty2026 qwerty2026!
12qwerty 123qwerty 1234qwerty welcome0 welcome3 welcome4 welcome5 welcome6 welcome7 welcome8 welcome9 welcome00
welcome02 welcome03 welcome04 welcome05 welcome06 welcome07 welcome08 welcome09 welcome11 welcome13 welcome14
welcome21 welcome22 welcome23 welcome33 welcome44 welcome55 welcome66 welcome69 welcome77 welcome88 welcome007
welcome101 welcome111 welcome234 welcome321 welcome420 welcome666 welcome777 welcome789 welcome911 welcome999
welcome1111 welcome1337 welcome2000 welcome4321 welcome54321 welcome654321 welcome1234567 welcome12345678
welcome123456789 welcome1234567890 welcome!! welcome!1 welcome12! welcome1234! welcome12345! welcome#1 welcomeabc
welcomeme welcomea welcomeq welcomex welcomez welcomexyz welcome1980 welcome1980! welcome1981 welcome1981! welcome1982
welcome1982! welcome1983 welcome1983! welcome1984 welcome1984! welcome1985 welcome1985! welcome1986 welcome1986!
welcome1987 welcome1987! welcome1988 welcome1988! welcome1989 welcome1989! welcome1990 welcome1990! welcome1991
welcome1991! welcome1992 welcome1992! welcome1993 welcome1993! welcome1994 welcome1994! welcome1995 welcome1995!
welcome1996 welcome1996! welcome1997 welcome1997! welcome1998 welcome1998! welcome1999 welcome1999! welcome2000!
welcome2001 welcome2001! welcome2002 welcome2002! welcome2003 welcome2003! welcome2004 welcome2004! welcome2005
welcome2005! welcome2006 welcome2006! welcome2007 welcome2007! welcome2008 welcome2008! welcome2009 welcome2009!
welcome2010 welcome2010! welcome2011 welcome2011! welcome2012 welcome2012! welcome2013 welcome2013! welcome2014
welcome2014! welcome2015 welcome2015! welcome2016 welcome2016! welcome2017 welcome2017! welcome2018 welcome2018!
welcome2019 welcome2019! welcome2020! welcome2021! welcome2022! welcome2023! welcome2024! welcome2025! welcome2026
welcome2026! 1welcome 12welcome 123welcome 1234welcome welcomewelcome admin007 admin101 admin111 admin234 admin321
admin420 admin666 admin777 admin789 admin911 admin999 admin1111 admin1337 admin2000 admin4321 admin54321 admin654321
admin1234567 admin123456789 admin1234567890 admin12! admin1234! admin12345! adminabc adminxyz admin1980 admin1980!
admin1981 admin1981! admin1982 admin1982! admin1983 admin1983! admin1984 admin1984! admin1985 admin1985! admin1986
admin1986! admin1987 admin1987! admin1988 admin1988! admin1989 admin1989! admin1990 admin1990! admin1991 admin1991!
admin1992 admin1992! admin1993 admin1993! admin1994 admin1994! admin1995 admin1995! admin1996 admin1996! admin1997
admin1997! admin1998 admin1998! admin1999 admin1999! admin2000! admin2001 admin2001! admin2002 admin2002! admin2003
admin2003! admin2004 admin2004! admin2005 admin2005! admin2006 admin2006! admin2007 admin2007! admin2008 admin2008!
admin2009 admin2009! admin2010 admin2010! admin2011 admin2011! admin2012 admin2012! admin2013 admin2013! admin2014
admin2014! admin2015 admin2015! admin2016 admin2016! admin2017 admin2017! admin2018 admin2018! admin2019 admin2019!
admin2020! admin2021! admin2022! admin2023! admin2024! admin2025! admin2026 admin2026! 123admin 1234admin iloveyou0
iloveyou4 iloveyou5 iloveyou6 iloveyou7 iloveyou8 iloveyou9 iloveyou00 iloveyou01 iloveyou02 iloveyou03 iloveyou04
iloveyou05 iloveyou06 iloveyou07 iloveyou08 iloveyou09 iloveyou10 iloveyou11 iloveyou13 iloveyou14 iloveyou21
iloveyou23 iloveyou33 iloveyou44 iloveyou55 iloveyou66 iloveyou69 iloveyou77 iloveyou88 iloveyou99 iloveyou007
iloveyou101 iloveyou111 iloveyou234 iloveyou321 iloveyou420 iloveyou666 iloveyou777 iloveyou789 iloveyou911
iloveyou999 iloveyou1111 iloveyou1337 iloveyou2000 iloveyou4321 iloveyou54321 iloveyou123456 iloveyou654321
iloveyou1234567 iloveyou12345678 iloveyou123456789 iloveyou1234567890 iloveyou!! iloveyou!1 iloveyou1! iloveyou12!
iloveyou123! iloveyou1234! iloveyou12345! iloveyou@1 iloveyou@123 iloveyou#1 iloveyouabc iloveyoume iloveyoua
iloveyouq iloveyoux iloveyouz iloveyouxyz iloveyou1980 iloveyou1980! iloveyou1981 iloveyou1981! iloveyou1982
iloveyou1982! iloveyou1983 iloveyou1983! iloveyou1984 iloveyou1984! iloveyou1985 iloveyou1985! iloveyou1986
iloveyou1986! iloveyou1987 iloveyou1987! iloveyou1988 iloveyou1988! iloveyou1989 iloveyou1989! iloveyou1990
iloveyou1990! iloveyou1991 iloveyou1991! iloveyou1992 iloveyou1992! iloveyou1993 iloveyou1993! iloveyou1994
iloveyou1994! iloveyou1995 iloveyou1995! iloveyou1996 iloveyou1996! iloveyou1997 iloveyou1997! iloveyou1998
iloveyou1998! iloveyou1999 iloveyou1999! iloveyou2000! iloveyou2001 iloveyou2001! iloveyou2002 iloveyou2002!
iloveyou2003 iloveyou2003! iloveyou2004 iloveyou2004! iloveyou2005 iloveyou2005! iloveyou2006 iloveyou2006!
iloveyou2007 iloveyou2007! iloveyou2008 iloveyou2008! iloveyou2009 iloveyou2009! iloveyou2010 iloveyou2010!
iloveyou2011 iloveyou2011! iloveyou2012 iloveyou2012! iloveyou2013 iloveyou2013! iloveyou2014 iloveyou2014!
iloveyou2015 iloveyou2015! iloveyou2016 iloveyou2016! iloveyou2017 iloveyou2017! iloveyou2018 iloveyou2018!
iloveyou2019 iloveyou2019! iloveyou2020 iloveyou2020! iloveyou2021 iloveyou2021! iloveyou2022 iloveyou2022!
iloveyou2023 iloveyou2023! iloveyou2024 iloveyou2024! iloveyou2025 iloveyou2025! iloveyou2026 iloveyou2026! 1iloveyou
12iloveyou 123iloveyou 1234iloveyou iloveyouiloveyou letmein0 letmein2 letmein3 letmein4 letmein5 letmein6 letmein7
letmein8 letmein9 letmein00 letmein01 letmein02 letmein03 letmein04 letmein05 letmein06 letmein07 letmein08 letmein09
letmein10 letmein11 letmein13 letmein14 letmein21 letmein23 letmein33 letmein44 letmein55 letmein66 letmein69
letmein77 letmein88 letmein99 letmein007 letmein101 letmein111 letmein234 letmein321 letmein420 letmein666 letmein777
letmein789 letmein911 letmein999 letmein1111 letmein1337 letmein2000 letmein4321 letmein54321 letmein123456
letmein654321 letmein1234567 letmein12345678 letmein123456789 letmein1234567890 letmein!! letmein!1 letmein1!
letmein12! letmein123! letmein1234! letmein12345! letmein@1 letmein@123 letmein#1 letmeinabc letmeinme letmeina
letmeinq letmeinx letmeinz letmeinxyz letmein1980 letmein1980! letmein1981 letmein1981! letmein1982 letmein1982!
letmein1983 letmein1983! letmein1984 letmein1984! letmein1985 letmein1985! letmein1986 letmein1986! letmein1987
letmein1987! letmein1988 letmein1988! letmein1989 letmein1989! letmein1990 letmein1990! letmein1991 letmein1991!
letmein1992 letmein1992! letmein1993 letmein1993! letmein1994 letmein1994! letmein1995 letmein1995! letmein1996
letmein1996! letmein1997 letmein1997! letmein1998 letmein1998! letmein1999 letmein1999! letmein2000! letmein2001
letmein2001! letmein2002 letmein2002! letmein2003 letmein2003! letmein2004 letmein2004! letmein2005 letmein2005!
letmein2006 letmein2006! letmein2007 letmein2007! letmein2008 letmein2008! letmein2009 letmein2009! letmein2010
letmein2010! letmein2011 letmein2011! letmein2012 letmein2012! letmein2013 letmein2013! letmein2014 letmein2014!
letmein2015 letmein2015! letmein2016 letmein2016! letmein2017 letmein2017! letmein2018 letmein2018! letmein2019
letmein2019! letmein2020 letmein2020! letmein2021 letmein2021! letmein2022 letmein2022! letmein2023 letmein2023!
letmein2024 letmein2024! letmein2025 letmein2025! letmein2026 letmein2026! 1letmein 12letmein 123letmein 1234letmein
letmeinletmein summer12 summer123 summer1234 summer12345 summer123456 summer1! summer123! summer@123 summer2010
summer2011 summer2012 summer2013 summer2014 summer2015 summer2016 summer2017 summer2018 summer2019 summer2020
summer2021 summer2022 summer2023 summer2024 summer2025 summer2026 summer2015! summer@2015 summer2016! summer@2016
summer2017! summer@2017 summer2018! summer@2018 summer2019! summer@2019 summer2020! summer@2020 summer2021!
summer@2021 summer2022! summer@2022 summer2023! summer@2023 summer2024! summer@2024 summer2025! summer@2025
summer2026! summer@2026 winter12 winter123 winter1234 winter12345 winter123456 winter1! winter123! winter@123
winter2010 winter2011 winter2012 winter2013 winter2014 winter2015 winter2016 winter2017 winter2018 winter2019
winter2020 winter2021 winter2022 winter2023 winter2024 winter2025 winter2026 winter2015! winter@2015 winter2016!
winter@2016 winter2017! winter@2017 winter2018! winter@2018 winter2019! winter@2019 winter2020! winter@2020
winter2021! winter@2021 winter2022! winter@2022 winter2023! winter@2023 winter2024! winter@2024 winter2025!
winter@2025 winter2026! winter@2026 spring12 spring123 spring1234 spring12345 spring123456 spring1! spring123!
spring@123 spring2010 spring2011 spring2012 spring2013 spring2014 spring2015 spring2016 spring2017 spring2018
spring2019 spring2020 spring2021 spring2022 spring2023 spring2024 spring2025 spring2026 spring2015! spring@2015
spring2016! spring@2016 spring2017! spring@2017 spring2018! spring@2018 spring2019! spring@2019 spring2020!
spring@2020 spring2021! spring@2021 spring2022! spring@2022 spring2023! spring@2023 spring2024! spring@2024
spring2025! spring@2025 spring2026! spring@2026 autumn12 autumn123 autumn1234 autumn12345 autumn123456 autumn1!
autumn123! autumn@123 autumn2010 autumn2011 autumn2012 autumn2013 autumn2014 autumn2015 autumn2016 autumn2017
autumn2018 autumn2019 autumn2020 autumn2021 autumn2022 autumn2023 autumn2024 autumn2025 autumn2026 autumn2015!
autumn@2015 autumn2016! autumn@2016 autumn2017! autumn@2017 autumn2018! autumn@2018 autumn2019! autumn@2019
autumn2020! autumn@2020 autumn2021! autumn@2021 autumn2022! autumn@2022 autumn2023! autumn@2023 autumn2024!
autumn@2024 autumn2025! autumn@2025 autumn2026! autumn@2026 january1 january12 january123 january1234 january12345
january123456 january! january1! january123! january@123 january2010 january2011 january2012 january2013 january2014
january2015 january2016 january2017 january2018 january2019 january2020 january2021 january2022 january2023
january2024 january2025 january2026 january2015! january@2015 january2016! january@2016 january2017! january@2017
january2018! january@2018 january2019! january@2019 january2020! january@2020 january2021! january@2021 january2022!
january@2022 january2023! january@2023 january2024! january@2024 january2025! january@2025 january2026! january@2026
february1 february12 february123 february1234 february12345 february123456 february! february1! february123!
february@123 february2010 february2011 february2012 february2013 february2014 february2015 february2016 february2017
february2018 february2019 february2020 february2021 february2022 february2023 february2024 february2025 february2026
february2015! february@2015 february2016! february@2016 february2017! february@2017 february2018! february@2018
february2019! february@2019 february2020! february@2020 february2021! february@2021 february2022! february@2022
february2023! february@2023 february2024! february@2024 february2025! february@2025 february2026! february@2026
february march123 march1234 march12345 march123456 march123! march@123 march2010 march2011 march2012 march2013
march2014 march2015 march2016 march2017 march2018 march2019 march2020 march2021 march2022 march2023 march2024
march2025 march2026 march2015! march@2015 march2016! march@2016 march2017! march@2017 march2018! march@2018 march2019!
march@2019 march2020! march@2020 march2021! march@2021 march2022! march@2022 march2023! march@2023 march2024!
march@2024 march2025! march@2025 march2026! march@2026 april123 april1234 april12345 april123456 april123! april@123
april2010 april2011 april2012 april2013 april2014 april2015 april2016 april2017 april2018 april2019 april2020
april2021 april2022 april2023 april2024 april2025 april2026 april2015! april@2015 april2016! april@2016 april2017!
april@2017 april2018! april@2018 april2019! april@2019 april2020! april@2020 april2021! april@2021 april2022!
april@2022 april2023! april@2023 april2024! april@2024 april2025! april@2025 april2026! april@2026 october1 october12
october123 october1234 october12345 october123456 october! october1! october123! october@123 october2010 october2011
october2012 october2013 october2014 october2015 october2016 october2017 october2018 october2019 october2020
october2021 october2022 october2023 october2024 october2025 october2026 october2015! october@2015 october2016!
october@2016 october2017! october@2017 october2018! october@2018 october2019! october@2019 october2020! october@2020
october2021! october@2021 october2022! october@2022 october2023! october@2023 october2024! october@2024 october2025!
october@2025 october2026! october@2026 november1 november12 november123 november1234 november12345 november123456
november! november1! november123! november@123 november2010 november2011 november2012 november2013 november2014
november2015 november2016 november2017 november2018 november2019 november2020 november2021 november2022 november2023
november2024 november2025 november2026 november2015! november@2015 november2016! november@2016 november2017!
november@2017 november2018! november@2018 november2019! november@2019 november2020! november@2020 november2021!
november@2021 november2022! november@2022 november2023! november@2023 november2024! november@2024 november2025!
november@2025 november2026! november@2026 november december1 december12 december123 december1234 december12345
december123456 december! december1! december123! december@123 december2010 december2011 december2012 december2013
december2014 december2015 december2016 december2017 december2018 december2019 december2020 december2021 december2022
december2023 december2024 december2025 december2026 december2015! december@2015 december2016! december@2016
december2017! december@2017 december2018! december@2018 december2019! december@2019 december2020! december@2020
december2021! december@2021 december2022! december@2022 december2023! december@2023 december2024! december@2024
december2025! december@2025 december2026! december@2026 december september1 september12 september123 september1234
september12345 september123456 september! september1! september123! september@123 september2010 september2011
september2012 september2013 september2014 september2015 september2016 september2017 september2018 september2019
september2020 september2021 september2022 september2023 september2024 september2025 september2026 september2015!
september@2015 september2016! september@2016 september2017! september@2017 september2018! september@2018
september2019! september@2019 september2020! september@2020 september2021! september@2021 september2022!
september@2022 september2023! september@2023 september2024! september@2024 september2025! september@2025
september2026! september@2026 september august12 august123 august1234 august12345 august123456 august1! august123!
august@123 august2010 august2011 august2012 august2013 august2014 august2015 august2016 august2017 august2018
august2019 august2020 august2021 august2022 august2023 august2024 august2025 august2026 august2015! august@2015
august2016! august@2016 august2017! august@2017 august2018! august@2018 august2019! august@2019 august2020!
august@2020 august2021! august@2021 august2022! august@2022 august2023! august@2023 august2024! august@2024
august2025! august@2025 august2026! august@2026 monday12 monday123 monday1234 monday12345 monday123456 monday1!
monday123! monday@123 monday2010 monday2011 monday2012 monday2013 monday2014 monday2015 monday2016 monday2017
monday2018 monday2019 monday2020 monday2021 monday2022 monday2023 monday2024 monday2025 monday2026 monday2015!
monday@2015 monday2016! monday@2016 monday2017! monday@2017 monday2018! monday@2018 monday2019! monday@2019
monday2020! monday@2020 monday2021! monday@2021 monday2022! monday@2022 monday2023! monday@2023 monday2024!
monday@2024 monday2025! monday@2025 monday2026! monday@2026 tuesday1 tuesday12 tuesday123 tuesday1234 tuesday12345
tuesday123456 tuesday! tuesday1! tuesday123! tuesday@123 tuesday2010 tuesday2011 tuesday2012 tuesday2013 tuesday2014
tuesday2015 tuesday2016 tuesday2017 tuesday2018 tuesday2019 tuesday2020 tuesday2021 tuesday2022 tuesday2023
tuesday2024 tuesday2025 tuesday2026 tuesday2015! tuesday@2015 tuesday2016! tuesday@2016 tuesday2017! tuesday@2017
tuesday2018! tuesday@2018 tuesday2019! tuesday@2019 tuesday2020! tuesday@2020 tuesday2021! tuesday@2021 tuesday2022!
tuesday@2022 tuesday2023! tuesday@2023 tuesday2024! tuesday@2024 tuesday2025! tuesday@2025 tuesday2026! tuesday@2026
wednesday1 wednesday12 wednesday123 wednesday1234 wednesday12345 wednesday123456 wednesday! wednesday1! wednesday123!
wednesday@123 wednesday2010 wednesday2011 wednesday2012 wednesday2013 wednesday2014 wednesday2015 wednesday2016
wednesday2017 wednesday2018 wednesday2019 wednesday2020 wednesday2021 wednesday2022 wednesday2023 wednesday2024
wednesday2025 wednesday2026 wednesday2015! wednesday@2015 wednesday2016! wednesday@2016 wednesday2017! wednesday@2017
wednesday2018! wednesday@2018 wednesday2019! wednesday@2019 wednesday2020! wednesday@2020 wednesday2021!
wednesday@2021 wednesday2022! wednesday@2022 wednesday2023! wednesday@2023 wednesday2024! wednesday@2024
wednesday2025! wednesday@2025 wednesday2026! wednesday@2026 wednesday thursday1 thursday12 thursday123 thursday1234
thursday12345 thursday123456 thursday! thursday1! thursday123! thursday@123 thursday2010 thursday2011 thursday2012
thursday2013 thursday2014 thursday2015 thursday2016 thursday2017 thursday2018 thursday2019 thursday2020 thursday2021
thursday2022 thursday2023 thursday2024 thursday2025 thursday2026 thursday2015! thursday@2015 thursday2016!
thursday@2016 thursday2017! thursday@2017 thursday2018! thursday@2018 thursday2019! thursday@2019 thursday2020!
thursday@2020 thursday2021! thursday@2021 thursday2022! thursday@2022 thursday2023! thursday@2023 thursday2024!
thursday@2024 thursday2025! thursday@2025 thursday2026! thursday@2026 thursday friday12 friday123 friday1234
friday12345 friday123456 friday1! friday123! friday@123 friday2010 friday2011 friday2012 friday2013 friday2014
friday2015 friday2016 friday2017 friday2018 friday2019 friday2020 friday2021 friday2022 friday2023 friday2024
friday2025 friday2026 friday2015! friday@2015 friday2016! friday@2016 friday2017! friday@2017 friday2018! friday@2018
friday2019! friday@2019 friday2020! friday@2020 friday2021! friday@2021 friday2022! friday@2022 friday2023!
friday@2023 friday2024! friday@2024 friday2025! friday@2025 friday2026! friday@2026 saturday1 saturday12 saturday123
saturday1234 saturday12345 saturday123456 saturday! saturday1! saturday123! saturday@123 saturday2010 saturday2011
saturday2012 saturday2013 saturday2014 saturday2015 saturday2016 saturday2017 saturday2018 saturday2019 saturday2020
saturday2021 saturday2022 saturday2023 saturday2024 saturday2025 saturday2026 saturday2015! saturday@2015
saturday2016! saturday@2016 saturday2017! saturday@2017 saturday2018! saturday@2018 saturday2019! saturday@2019
saturday2020! saturday@2020 saturday2021! saturday@2021 saturday2022! saturday@2022 saturday2023! saturday@2023
saturday2024! saturday@2024 saturday2025! saturday@2025 saturday2026! saturday@2026 saturday sunday12 sunday123
sunday1234 sunday12345 sunday123456 sunday1! sunday123! sunday@123 sunday2010 sunday2011 sunday2012 sunday2013
sunday2014 sunday2015 sunday2016 sunday2017 sunday2018 sunday2019 sunday2020 sunday2021 sunday2022 sunday2023
sunday2024 sunday2025 sunday2026 sunday2015! sunday@2015 sunday2016! sunday@2016 sunday2017! sunday@2017 sunday2018!
sunday@2018 sunday2019! sunday@2019 sunday2020! sunday@2020 sunday2021! sunday@2021 sunday2022! sunday@2022
sunday2023! sunday@2023 sunday2024! sunday@2024 sunday2025! sunday@2025 sunday2026! sunday@2026 company12 company1234
company12345 company123456 company! company1! company123! company@123 company2010 company2011 company2012 company2013
company2014 company2015 company2016 company2017 company2018 company2019 company2020 company2021 company2022
company2023 company2024 company2025 company2026 company2015! company@2015 company2016! company@2016 company2017!
company@2017 company2018! company@2018 company2019! company@2019 company2020! company@2020 company2021! company@2021
company2022! company@2022 company2023! company@2023 company2024! company@2024 company2025! company@2025 company2026!
company@2026 london12 london123 london1234 london12345 london123456 london1! london123! london@123 london2010
london2011 london2012 london2013 london2014 london2015 london2016 london2017 london2018 london2019 london2020
london2021 london2022 london2023 london2024 london2025 london2026 london2015! london@2015 london2016! london@2016
london2017! london@2017 london2018! london@2018 london2019! london@2019 london2020! london@2020 london2021!
london@2021 london2022! london@2022 london2023! london@2023 london2024! london@2024 london2025! london@2025
london2026! london@2026 paris123 paris1234 paris12345 paris123456 paris123! paris@123 paris2010 paris2011 paris2012
paris2013 paris2014 paris2015 paris2016 paris2017 paris2018 paris2019 paris2020 paris2021 paris2022 paris2023
paris2024 paris2025 paris2026 paris2015! paris@2015 paris2016! paris@2016 paris2017! paris@2017 paris2018! paris@2018
paris2019! paris@2019 paris2020! paris@2020 paris2021! paris@2021 paris2022! paris@2022 paris2023! paris@2023
paris2024! paris@2024 paris2025! paris@2025 paris2026! paris@2026 berlin12 berlin123 berlin1234 berlin12345
berlin123456 berlin1! berlin123! berlin@123 berlin2010 berlin2011 berlin2012 berlin2013 berlin2014 berlin2015
berlin2016 berlin2017 berlin2018 berlin2019 berlin2020 berlin2021 berlin2022 berlin2023 berlin2024 berlin2025
berlin2026 berlin2015! berlin@2015 berlin2016! berlin@2016 berlin2017! berlin@2017 berlin2018! berlin@2018 berlin2019!
berlin@2019 berlin2020! berlin@2020 berlin2021! berlin@2021 berlin2022! berlin@2022 berlin2023! berlin@2023
berlin2024! berlin@2024 berlin2025! berlin@2025 berlin2026! berlin@2026 hardcore hardcore1 hardcore123 bigdaddy
bigdaddy1 bigdaddy123 creative creative1 creative123 airborne airborne1 airborne123 williams williams1 williams123
01012011 010120111 01012011123 01011980 010119801 01011980123 01011990 010119901 01011990123 01012000 010120001
01012000123 01012010 010120101 01012010123 snowball snowball1 snowball123 explorer explorer1 explorer123 courtney
courtney1 courtney123 spitfire spitfire1 spitfire123 maryjane maryjane1 maryjane123 westside westside1 westside123
scarface scarface1 scarface123 franklin franklin1 franklin123 infinity infinity1 infinity123 passport passport1
passport123 budlight budlight1 budlight123 ncc1701d ncc1701d1 ncc1701d123 ncc1701e ncc1701e1 ncc1701e123 pearljam
pearljam1 pearljam123 peekaboo peekaboo1 peekaboo123 rolltide rolltide1 rolltide123 american american1 american123
cardinal cardinal1 cardinal123 loverboy loverboy1 loverboy123 electric electric1 electric123 darkside darkside1
darkside123 wolfpack wolfpack1 wolfpack123 blizzard blizzard1 blizzard123 cheyenne cheyenne1 cheyenne123 sterling
sterling1 sterling123 pussycat pussycat1 pussycat123 freepass freepass1 freepass123 airplane airplane1 airplane123
billybob billybob1 billybob123 stingray stingray1 stingray123 zeppelin zeppelin1 zeppelin123 firebird firebird1
firebird123 tarheels tarheels1 tarheels123 serenity serenity1 serenity123 fireball fireball1 fireball123 darkstar
darkstar1 darkstar123 pavilion pavilion1 pavilion123 bobafett bobafett1 bobafett123 defender defender1 defender123
precious precious1 precious123 icecream icecream1 icecream123 swordfish swordfish1 swordfish123 presario presario1
presario123 21122112 211221121 21122112123 bluebird bluebird1 bluebird123 goldfish goldfish1 goldfish123 cadillac
cadillac1 cadillac123 longhorn longhorn1 longhorn123 lonewolf lonewolf1 lonewolf123 software software1 software123
veronika veronika1 veronika123 wordpass wordpass1 wordpass123 devildog devildog1 devildog123 mistress mistress1
mistress123 wolfgang wolfgang1 wolfgang123 birthday birthday1 birthday123 shamrock shamrock1 shamrock123 deftones
deftones1 deftones123 goldberg goldberg1 goldberg123 hamilton hamilton1 hamilton123 blahblah blahblah1 blahblah123
babylon5 babylon51 babylon5123 sweetpea sweetpea1 sweetpea123 cavalier cavalier1 cavalier123 marathon marathon1
marathon123 aardvark aardvark1 aardvark123 highland highland1 highland123 campbell campbell1 campbell123 chandler
chandler1 chandler123 drpepper drpepper1 drpepper123 sherlock sherlock1 sherlock123 morpheus morpheus1 morpheus123
sundance sundance1 sundance123 overlord overlord1 overlord123 ultimate ultimate1 ultimate123 superfly superfly1
superfly123 11235813 112358131 11235813123 51505150 515051501 51505150123 seminole seminole1 seminole123 concrete
concrete1 concrete123 access14 access141 access14123 trombone trombone1 trombone123 pleasure pleasure1 pleasure123
mongoose mongoose1 mongoose123 bluemoon bluemoon1 bluemoon123 personal personal1 personal123 immortal immortal1
immortal123 dietcoke dietcoke1 dietcoke123 morrison morrison1 morrison123 14789632 147896321 14789632123 eternity
eternity1 eternity123 lollipop lollipop1 lollipop123 1123581321 11235813211 1123581321123 super123 super1231
super123123 cooldude cooldude1 cooldude123 columbia columbia1 columbia123 makaveli makaveli1 makaveli123 robinson
robinson1 robinson123 standard standard1 standard123 punkrock punkrock1 punkrock123 raistlin raistlin1 raistlin123
infantry infantry1 infantry123 waterloo waterloo1 waterloo123 seinfeld seinfeld1 seinfeld123 musicman musicman1
musicman123 megadeth megadeth1 megadeth123 squirrel squirrel1 squirrel123 stardust stardust1 stardust123 intrepid
intrepid1 intrepid123 vanhalen vanhalen1 vanhalen123 showtime showtime1 showtime123 hannibal hannibal1 hannibal123
portland portland1 portland123 panasonic panasonic1 panasonic123 sandiego sandiego1 sandiego123 penelope penelope1
penelope123 blackdog blackdog1 blackdog123 playtime playtime1 playtime123 gangster gangster1 gangster123 mushroom
mushroom1 mushroom123 crusader crusader1 crusader123 stranger stranger1 stranger123 guardian guardian1 guardian123
147896325 1478963251 147896325123 scarlett scarlett1 scarlett123 munchkin munchkin1 munchkin123 rammstein rammstein1
rammstein123 goodluck goodluck1 goodluck123 lonestar lonestar1 lonestar123 meridian meridian1 meridian123 beautiful
beautiful1 beautiful123 lowrider lowrider1 lowrider123 tacobell tacobell1 tacobell123 123698745 1236987451
123698745123 12369874 123698741 12369874123 12312312 123123121 12312312123 catalina catalina1 catalina123 johnjohn
johnjohn1 johnjohn123 kangaroo kangaroo1 kangaroo123 thompson thompson1 thompson123 national national1 national123
penguins penguins1 penguins123 vacation vacation1 vacation123 oblivion oblivion1 oblivion123 mustangs mustangs1
mustangs123 richmond richmond1 richmond123 director director1 director123 magnolia magnolia1 magnolia123 blueeyes
blueeyes1 blueeyes123 password 1password1 1password123 passwords passwords1 passwords123 supernatural supernatural1
supernatural123 professional professional1 professional123 international international1 international123 intelligence
intelligence1 intelligence123 construction construction1 construction123 entertainment entertainment1 entertainment123
unbelievable unbelievable1 unbelievable123 satisfaction satisfaction1 satisfaction123 transformers transformers1
transformers123 residentevil residentevil1 residentevil123 needforspeed needforspeed1 needforspeed123 greenlantern
greenlantern1 greenlantern123 punksnotdead punksnotdead1 punksnotdead123 foreveryoung1 foreveryoung123 whosyourdaddy
whosyourdaddy1 whosyourdaddy123 leavemealone leavemealone1 leavemealone123 iseedeadpeople iseedeadpeople1
iseedeadpeople123 thecakeisalie thecakeisalie1 thecakeisalie123 ticketmaster ticketmaster1 ticketmaster123
stratocaster stratocaster1 stratocaster123 cosmopolitan cosmopolitan1 cosmopolitan123 civilization civilization1
civilization123 jamesbond007 jamesbond0071 jamesbond007123 rush2112 rush21121 rush2112123 trustno1123 michael1
michael12 michael123 michael1234 jennifer jennifer1 jennifer12 jennifer123 jennifer1234 jordan12 jordan123 jordan1234
ashley12 ashley123 ashley1234 michelle michelle1 michelle12 michelle123 michelle1234 daniel12 daniel123 daniel1234
jessica1 jessica12 jessica123 jessica1234 thomas12 thomas123 thomas1234 andrew12 andrew123 andrew1234 joshua12
joshua123 joshua1234 matthew1 matthew12 matthew123 matthew1234 nicole12 nicole123 nicole1234 amanda12 amanda123
amanda1234 charlie1 charlie12 charlie123 charlie1234 robert12 robert123 robert1234 samantha samantha1 samantha12
samantha123 samantha1234 anthony1 anthony12 anthony123 anthony1234 hannah12 hannah123 hannah1234 william1 william12
william123 william1234 martin12 martin123 martin1234 george12 george123 george1234 patrick1 patrick12 patrick123
patrick1234 richard1 richard12 richard123 richard1234 victoria victoria1 victoria12 victoria123 victoria1234
christopher christopher1 christopher12 christopher123 christopher1234 elizabeth elizabeth1 elizabeth12 elizabeth123
elizabeth1234 stephanie stephanie1 stephanie12 stephanie123 stephanie1234 melissa1 melissa12 melissa123 melissa1234
rebecca1 rebecca12 rebecca123 rebecca1234 heather1 heather12 heather123 heather1234 danielle danielle1 danielle12
danielle123 danielle1234 natalie1 natalie12 natalie123 natalie1234 jasmine1 jasmine12 jasmine123 jasmine1234 brandon1
brandon12 brandon123 brandon1234 justin12 justin123 justin1234 nathan12 nathan123 nathan1234 austin12 austin123
austin1234 tyler123 tyler1234 dylan123 dylan1234 morgan12 morgan123 morgan1234 taylor12 taylor123 taylor1234 sophie12
sophie123 sophie1234 olivia12 olivia123 olivia1234 isabella isabella1 isabella12 isabella123 isabella1234 emily123
emily1234 chelsea1 chelsea12 chelsea123 chelsea1234 alexander alexander1 alexander12 alexander123 alexander1234
alexandra alexandra1 alexandra12 alexandra123 alexandra1234 alexandre alexandre1 alexandre12 alexandre123
alexandre1234 alexandria alexandria1 alexandria12 alexandria123 alexandria1234 benjamin benjamin1 benjamin12
benjamin123 benjamin1234 nicholas nicholas1 nicholas12 nicholas123 nicholas1234 jonathan jonathan1 jonathan12
jonathan123 jonathan1234 christian christian1 christian12 christian123 christian1234 christina christina1 christina12
christina123 christina1234 christine christine1 christine12 christine123 christine1234 cristina cristina1 cristina12
cristina123 cristina1234 kristina kristina1 kristina12 kristina123 kristina1234 katherine katherine1 katherine12
katherine123 katherine1234 kathryn1 kathryn12 kathryn123 kathryn1234 catherine catherine1 catherine12 catherine123
catherine1234 caroline caroline1 caroline12 caroline123 caroline1234 carolina carolina1 carolina12 carolina123
carolina1234 charlotte charlotte1 charlotte12 charlotte123 charlotte1234 veronica veronica1 veronica12 veronica123
veronica1234 vanessa1 vanessa12 vanessa123 vanessa1234 valentina valentina1 valentina12 valentina123 valentina1234
valeria1 valeria12 valeria123 valeria1234 gabriel1 gabriel12 gabriel123 gabriel1234 gabriela gabriela1 gabriela12
gabriela123 gabriela1234 gabriella gabriella1 gabriella12 gabriella123 gabriella1234 angelina angelina1 angelina12
angelina123 angelina1234 angelica angelica1 angelica12 angelica123 angelica1234 angela12 angela123 angela1234 antonio1
antonio12 antonio123 antonio1234 alejandro alejandro1 alejandro12 alejandro123 alejandro1234 alejandra alejandra1
alejandra12 alejandra123 alejandra1234 fernando fernando1 fernando12 fernando123 fernando1234 fernanda fernanda1
fernanda12 fernanda123 fernanda1234 francisco francisco1 francisco12 francisco123 francisco1234 francesca francesca1
francesca12 francesca123 francesca1234 federico federico1 federico12 federico123 federico1234 giovanni giovanni1
giovanni12 giovanni123 giovanni1234 giuseppe giuseppe1 giuseppe12 giuseppe123 giuseppe1234 leonardo leonardo1
leonardo12 leonardo123 leonardo1234 lorenzo1 lorenzo12 lorenzo123 lorenzo1234 eduardo1 eduardo12 eduardo123
eduardo1234 ricardo1 ricardo12 ricardo123 ricardo1234 rodrigo1 rodrigo12 rodrigo123 rodrigo1234 roberto1 roberto12
roberto123 roberto1234 santiago santiago1 santiago12 santiago123 santiago1234 sebastian sebastian1 sebastian12
sebastian123 sebastian1234 mauricio mauricio1 mauricio12 mauricio123 mauricio1234 patricia patricia1 patricia12
patricia123 patricia1234 patrizia patrizia1 patrizia12 patrizia123 patrizia1234 margarita margarita1 margarita12
margarita123 margarita1234 mariana1 mariana12 mariana123 mariana1234 marianne marianne1 marianne12 marianne123
marianne1234 marina12 marina1234 martina1 martina12 martina123 martina1234 maria123 maria1231 maria12312 maria123123
maria1231234 mercedes mercedes1 mercedes12 mercedes123 mercedes1234 monica12 monica123 monica1234 natalia1 natalia12
natalia123 natalia1234 natasha12 natasha123 natasha1234 nathalie nathalie1 nathalie12 nathalie123 nathalie1234
nikita12 nikita123 nikita1234 oksana12 oksana123 oksana1234 tatiana1 tatiana12 tatiana123 tatiana1234 svetlana
svetlana1 svetlana12 svetlana123 svetlana1234 vladimir vladimir1 vladimir12 vladimir123 vladimir1234 vladislav
vladislav1 vladislav12 vladislav123 vladislav1234 sergey12 sergey123 sergey1234 dmitriy1 dmitriy12 dmitriy123
dmitriy1234 aleksandr aleksandr1 aleksandr12 aleksandr123 aleksandr1234 anastasia anastasia1 anastasia12 anastasia123
anastasia1234 ekaterina ekaterina1 ekaterina12 ekaterina123 ekaterina1234 yaroslav yaroslav1 yaroslav12 yaroslav123
yaroslav1234 stanislav stanislav1 stanislav12 stanislav123 stanislav1234 katerina katerina1 katerina12 katerina123
katerina1234 karolina karolina1 karolina12 karolina123 karolina1234 mateusz1 mateusz12 mateusz123 mateusz1234 bartek12
bartek123 bartek1234 agnieszka agnieszka1 agnieszka12 agnieszka123 agnieszka1234 krystian krystian1 krystian12
krystian123 krystian1234 dominik1 dominik12 dominik123 dominik1234 dominika dominika1 dominika12 dominika123
dominika1234 patrycja patrycja1 patrycja12 patrycja123 patrycja1234 weronika weronika1 weronika12 weronika123
weronika1234 sandra12 sandra123 sandra1234 sabrina1 sabrina12 sabrina123 sabrina1234 samuel12 samuel123 samuel1234
simone12 simone123 simone1234 stefan12 stefan123 stefan1234 stefano1 stefano12 stefano123 stefano1234 steven12
steven123 steven1234 stephen1 stephen12 stephen123 stephen1234 tamara12 tamara123 tamara1234 teresa12 teresa123
teresa1234 theresa1 theresa12 theresa123 theresa1234 timothy1 timothy12 timothy123 timothy1234 tristan1 tristan12
tristan123 tristan1234 vincent1 vincent12 vincent123 vincent1234 vincenzo vincenzo1 vincenzo12 vincenzo123
vincenzo1234 wilson12 wilson123 wilson1234 zachary1 zachary12 zachary123 zachary1234 adrian12 adrian123 adrian1234
adriana1 adriana12 adriana123 adriana1234 alberto1 alberto12 alberto123 alberto1234 alfredo1 alfredo12 alfredo123
alfredo1234 alicia12 alicia123 alicia1234 allison1 allison12 allison123 allison1234 amelia12 amelia123 amelia1234
andrea12 andrea123 andrea1234 andreas1 andreas12 andreas123 andreas1234 andres12 andres123 andres1234 annabelle
annabelle1 annabelle12 annabelle123 annabelle1234 anderson anderson1 anderson12 anderson123 anderson1234 armando1
armando12 armando123 armando1234 arsenal1 arsenal12 arsenal123 arsenal1234 ariana12 ariana123 ariana1234 arthur12
arthur123 arthur1234 barbara1 barbara12 barbara123 barbara1234 beatriz1 beatriz12 beatriz123 beatriz1234 bernard1
bernard12 bernard123 bernard1234 bernardo bernardo1 bernardo12 bernardo123 bernardo1234 bethany1 bethany12 bethany123
bethany1234 bianca12 bianca123 bianca1234 bradley1 bradley12 bradley123 bradley1234 brandy12 brandy123 brandy1234
brenda12 brenda123 brenda1234 brianna1 brianna12 brianna123 brianna1234 brittany brittany1 brittany12 brittany123
brittany1234 brooklyn brooklyn1 brooklyn12 brooklyn123 brooklyn1234 bryant12 bryant123 bryant1234 camila12 camila123
camila1234 camille1 camille12 camille123 camille1234 cameron1 cameron12 cameron123 cameron1234 candice1 candice12
candice123 candice1234 carlos12 carlos123 carlos1234 carmen12 carmen123 carmen1234 cassandra cassandra1 cassandra12
cassandra123 cassandra1234 cassie12 cassie123 cassie1234 cecilia1 cecilia12 cecilia123 cecilia1234 charles1 charles12
charles123 charles1234 chester1 chester12 chester123 chester1234 clarence clarence1 clarence12 clarence123
clarence1234 claudia1 claudia12 claudia123 claudia1234 clifford clifford1 clifford12 clifford123 clifford1234 cynthia1
cynthia12 cynthia123 cynthia1234 damian12 damian123 damian1234 deborah1 deborah12 deborah123 deborah1234 dennis12
dennis123 dennis1234 derrick1 derrick12 derrick123 derrick1234 destiny1 destiny12 destiny123 destiny1234 diana123
diana1234 domenico domenico1 domenico12 domenico123 domenico1234 donald12 donald123 donald1234 dorothy1 dorothy12
dorothy123 dorothy1234 douglas1 douglas12 douglas123 douglas1234 edgar123 edgar1234 edward12 edward123 edward1234
eleanor1 eleanor12 eleanor123 eleanor1234 emmanuel emmanuel1 emmanuel12 emmanuel123 emmanuel1234 enrique1 enrique12
enrique123 enrique1234 ernesto1 ernesto12 ernesto123 ernesto1234 esteban1 esteban12 esteban123 esteban1234 estrella
estrella1 estrella12 estrella123 estrella1234 eugene12 eugene123 eugene1234 evelyn12 evelyn123 evelyn1234 felipe12
felipe123 felipe1234 florence florence1 florence12 florence123 florence1234 francois francois1 francois12 francois123
francois1234 frank123 frank1234 frederic frederic1 frederic12 frederic123 frederic1234 gerald12 gerald123 gerald1234
gerard12 gerard123 gerard1234 gilbert1 gilbert12 gilbert123 gilbert1234 gloria12 gloria123 gloria1234 graham12
graham123 graham1234 gregory1 gregory12 gregory123 gregory1234 guillermo guillermo1 guillermo12 guillermo123
guillermo1234 gustavo1 gustavo12 gustavo123 gustavo1234 harold12 harold123 harold1234 harrison harrison1 harrison12
harrison123 harrison1234 harvey12 harvey123 harvey1234 hector12 hector123 hector1234 helena12 helena123 helena1234
henry123 henry1234 hernan12 hernan123 hernan1234 howard12 howard123 howard1234 ignacio1 ignacio12 ignacio123
ignacio1234 isabelle isabelle1 isabelle12 isabelle123 isabelle1234 jackson1 jackson12 jackson123 jackson1234
jacqueline jacqueline1 jacqueline12 jacqueline123 jacqueline1234 jamaal12 jamaal123 jamaal1234 janette1 janette12
janette123 janette1234 javier12 javier123 javier1234 jayden12 jayden123 jayden1234 jeffrey1 jeffrey12 jeffrey123
jeffrey1234 jeremiah jeremiah1 jeremiah12 jeremiah123 jeremiah1234 jeremy12 jeremy123 jeremy1234 joanna12 joanna123
joanna1234 joaquin1 joaquin12 joaquin123 joaquin1234 johnny12 johnny123 johnny1234 joseph12 joseph123 joseph1234
josephine josephine1 josephine12 josephine123 josephine1234 juliana1 juliana12 juliana123 juliana1234 julian12
julian123 julian1234 julien12 julien123 julien1234 julius12 julius123 julius1234 kathleen kathleen1 kathleen12
kathleen123 kathleen1234 kayleigh kayleigh1 kayleigh12 kayleigh123 kayleigh1234 kenneth1 kenneth12 kenneth123
kenneth1234 kimberly kimberly1 kimberly12 kimberly123 kimberly1234 kristen1 kristen12 kristen123 kristen1234 kristin1
kristin12 kristin123 kristin1234 lauren12 lauren123 lauren1234 laurent1 laurent12 laurent123 laurent1234 lawrence
lawrence1 lawrence12 lawrence123 lawrence1234 leonard1 leonard12 leonard123 leonard1234 leslie12 leslie123 leslie1234
lindsay1 lindsay12 lindsay123 lindsay1234 lindsey1 lindsey12 lindsey123 lindsey1234 louise12 louise123 louise1234
lucas123 lucas1234 luciano1 luciano12 luciano123 luciano1234 lucille1 lucille12 lucille123 lucille1234 madison1
madison12 madison123 madison1234 manuel12 manuel123 manuel1234 marcel12 marcel123 marcel1234 marcelo1 marcelo12
marcelo123 marcelo1234 marcus12 marcus123 marcus1234 margaret margaret1 margaret12 margaret123 margaret1234 marilyn1
marilyn12 marilyn123 marilyn1234 marlene1 marlene12 marlene123 marlene1234 marshall marshall1 marshall12 marshall123
marshall1234 matthias matthias1 matthias12 matthias123 matthias1234 maurice1 maurice12 maurice123 maurice1234 maxime12
maxime123 maxime1234 maxwell1 maxwell12 maxwell123 maxwell1234 megan123 megan1234 melanie1 melanie12 melanie123
melanie1234 mercy123 mercy1234 miguel12 miguel123 miguel1234 miranda1 miranda12 miranda123 miranda1234 mitchell
mitchell1 mitchell12 mitchell123 mitchell1234 mohamed1 mohamed12 mohamed123 mohamed1234 mohammed mohammed1 mohammed12
mohammed123 mohammed1234 mohammad mohammad1 mohammad12 mohammad123 mohammad1234 muhammad muhammad1 muhammad12
muhammad123 muhammad1234 mustafa1 mustafa12 mustafa123 mustafa1234 ibrahim1 ibrahim12 ibrahim123 ibrahim1234 abdullah
abdullah1 abdullah12 abdullah123 abdullah1234 ahmed123 ahmed1231 ahmed12312 ahmed123123 ahmed1231234 fatima12
fatima123 fatima1234 khadija1 khadija12 khadija123 khadija1234 aisha123 aisha1231 aisha12312 aisha123123 aisha1231234
nathaniel nathaniel1 nathaniel12 nathaniel123 nathaniel1234 nelson12 nelson123 nelson1234 nicolas1 nicolas12
nicolas123 nicolas1234 norman12 norman123 norman1234 octavio1 octavio12 octavio123 octavio1234 oliver12 oliver123
oliver1234 orlando1 orlando12 orlando123 orlando1234 oscar123 oscar1234 pamela12 pamela123 pamela1234 pascal12
pascal123 pascal1234 pauline1 pauline12 pauline123 pauline1234 phillip1 phillip12 phillip123 phillip1234 philippe
philippe1 philippe12 philippe123 philippe1234 priscilla priscilla1 priscilla12 priscilla123 priscilla1234 rachel12
rachel123 rachel1234 rafael12 rafael123 rafael1234 raymond1 raymond12 raymond123 raymond1234 regina12 regina123
regina1234 reginald reginald1 reginald12 reginald123 reginald1234 rosemary rosemary1 rosemary12 rosemary123
rosemary1234 russell1 russell12 russell123 russell1234 salvador salvador1 salvador12 salvador123 salvador1234
salvatore salvatore1 salvatore12 salvatore123 salvatore1234 santana1 santana12 santana123 santana1234 savannah
savannah1 savannah12 savannah123 savannah1234 scott123 scott1234 serena12 serena123 serena1234 shannon1 shannon12
shannon123 shannon1234 sharon12 sharon123 sharon1234 shirley1 shirley12 shirley123 shirley1234 sidney12 sidney123
sidney1234 silvia12 silvia123 silvia1234 solomon1 solomon12 solomon123 solomon1234 stanley1 stanley12 stanley123
stanley1234 stewart1 stewart12 stewart123 stewart1234 stuart12 stuart123 stuart1234 suzanne1 suzanne12 suzanne123
suzanne1234 sylvain1 sylvain12 sylvain123 sylvain1234 sylvie12 sylvie123 sylvie1234 sylvester sylvester1 sylvester12
sylvester123 sylvester1234 tiffany1 tiffany12 tiffany123 tiffany1234 trevor12 trevor123 trevor1234 valerie1 valerie12
valerie123 valerie1234 vivian12 vivian123 vivian1234 walter12 walter123 walter1234 wendy123 wendy1234 winston1
winston12 winston123 winston1234 yolanda1 yolanda12 yolanda123 yolanda1234 yvonne12 yvonne123 yvonne1234 priya123
priya1231 priya12312 priya123123 priya1231234 rahul123 rahul1231 rahul12312 rahul123123 rahul1231234 rajesh12
rajesh123 rajesh1234 krishna1 krishna12 krishna123 krishna1234 ganesh12 ganesh123 ganesh1234 lakshmi1 lakshmi12
lakshmi123 lakshmi1234 sanjay12 sanjay123 sanjay1234 deepak12 deepak123 deepak1234 pradeep1 pradeep12 pradeep123
pradeep1234 suresh12 suresh123 suresh1234 ramesh12 ramesh123 ramesh1234 mahesh12 mahesh123 mahesh1234 anjali12
anjali123 anjali1234 pooja123 pooja1231 pooja12312 pooja123123 pooja1231234 preeti12 preeti123 preeti1234 sandeep1
sandeep12 sandeep123 sandeep1234 vishal12 vishal123 vishal1234 jaihanuman jaihanuman1 jaihanuman12 jaihanuman123
jaihanuman1234 omsairam omsairam1 omsairam12 omsairam123 omsairam1234 jaimatadi jaimatadi1 jaimatadi12 jaimatadi123
jaimatadi1234 waheguru waheguru1 waheguru12 waheguru123 waheguru1234 baseball baseball1 baseball12 baseball123
baseball1234 baseball12345 football football1 football12 football123 football1234 football12345 basketball basketball1
basketball12 basketball123 basketball1234 basketball12345 volleyball volleyball1 volleyball12 volleyball123
volleyball1234 volleyball12345 softball softball1 softball12 softball123 softball1234 softball12345 handball handball1
handball12 handball123 handball1234 handball12345 hockey12 hockey123 hockey1234 hockey12345 soccer12 soccer123
soccer1234 soccer12345 cricket1 cricket12 cricket123 cricket1234 cricket12345 tennis12 tennis123 tennis1234
tennis12345 racing12 racing123 racing1234 racing12345 surfing1 surfing12 surfing123 surfing1234 surfing12345
skateboard skateboard1 skateboard12 skateboard123 skateboard1234 skateboard12345 snowboard snowboard1 snowboard12
snowboard123 snowboard1234 snowboard12345 swimming swimming1 swimming12 swimming123 swimming1234 swimming12345
gymnastics gymnastics1 gymnastics12 gymnastics123 gymnastics1234 gymnastics12345 wrestling wrestling1 wrestling12
wrestling123 wrestling1234 wrestling12345 lacrosse lacrosse1 lacrosse12 lacrosse123 lacrosse1234 lacrosse12345
rugby123 rugby1234 rugby12345 liverpool liverpool1 liverpool12 liverpool123 liverpool1234 liverpool12345 arsenal12345
chelsea12345 manchester manchester1 manchester12 manchester123 manchester1234 manchester12345 manunited manunited1
manunited12 manunited123 manunited1234 manunited12345 mancity1 mancity12 mancity123 mancity1234 mancity12345
realmadrid realmadrid1 realmadrid12 realmadrid123 realmadrid1234 realmadrid12345 barcelona barcelona1 barcelona12
barcelona123 barcelona1234 barcelona12345 juventus juventus1 juventus12 juventus123 juventus1234 juventus12345
intermilan intermilan1 intermilan12 intermilan123 intermilan1234 intermilan12345 acmilan1 acmilan12 acmilan123
acmilan1234 acmilan12345 bayern12 bayern123 bayern1234 bayern12345 dortmund dortmund1 dortmund12 dortmund123
dortmund1234 dortmund12345 benfica1 benfica12 benfica123 benfica1234 benfica12345 flamengo flamengo1 flamengo12
flamengo123 flamengo1234 flamengo12345 corinthians corinthians1 corinthians12 corinthians123 corinthians1234
corinthians12345 palmeiras palmeiras1 palmeiras12 palmeiras123 palmeiras1234 palmeiras12345 gremio12 gremio123
gremio1234 gremio12345 ajax1234 ajax12345 feyenoord feyenoord1 feyenoord12 feyenoord123 feyenoord1234 feyenoord12345
galatasaray galatasaray1 galatasaray12 galatasaray123 galatasaray1234 galatasaray12345 fenerbahce fenerbahce1
fenerbahce12 fenerbahce123 fenerbahce1234 fenerbahce12345 besiktas besiktas1 besiktas12 besiktas123 besiktas1234
besiktas12345 celtic12 celtic123 celtic1234 celtic12345 rangers1 rangers12 rangers123 rangers1234 rangers12345
everton1 everton12 everton123 everton1234 everton12345 tottenham tottenham1 tottenham12 tottenham123 tottenham1234
tottenham12345 newcastle newcastle1 newcastle12 newcastle123 newcastle1234 newcastle12345 westham1 westham12
westham123 westham1234 westham12345 yankees1 yankees12 yankees123 yankees1234 yankees12345 redsox12 redsox123
redsox1234 redsox12345 cowboys1 cowboys12 cowboys123 cowboys1234 cowboys12345 steelers steelers1 steelers12
steelers123 steelers1234 steelers12345 packers1 packers12 packers123 packers1234 packers12345 raiders1 raiders12
raiders123 raiders1234 raiders12345 patriots patriots1 patriots12 patriots123 patriots1234 patriots12345 lakers12
lakers123 lakers1234 lakers12345 bulldogs bulldogs1 bulldogs12 bulldogs123 bulldogs1234 bulldogs12345 wildcats
wildcats1 wildcats12 wildcats123 wildcats1234 wildcats12345 tigers12 tigers123 tigers1234 tigers12345 cardinals
cardinals1 cardinals12 cardinals123 cardinals1234 cardinals12345 panthers panthers1 panthers12 panthers123
panthers1234 panthers12345 dolphins dolphins1 dolphins12 dolphins123 dolphins1234 dolphins12345 eagles12 eagles123
eagles1234 eagles12345 falcons1 falcons12 falcons123 falcons1234 falcons12345 chargers chargers1 chargers12
chargers123 chargers1234 chargers12345 broncos1 broncos12 broncos123 broncos1234 broncos12345 redskins redskins1
redskins12 redskins123 redskins1234 redskins12345 redwings redwings1 redwings12 redwings123 redwings1234 redwings12345
hawkeyes hawkeyes1 hawkeyes12 hawkeyes123 hawkeyes1234 hawkeyes12345 gators12 gators123 gators1234 gators12345
longhorns longhorns1 longhorns12 longhorns123 longhorns1234 longhorns12345 buckeyes buckeyes1 buckeyes12 buckeyes123
buckeyes1234 buckeyes12345 wolverine wolverine1 wolverine12 wolverine123 wolverine1234 wolverine12345 wolverines
wolverines1 wolverines12 wolverines123 wolverines1234 wolverines12345 trojans1 trojans12 trojans123 trojans1234
trojans12345 spartans spartans1 spartans12 spartans123 spartans1234 spartans12345 ronaldo1 ronaldo12 ronaldo123
ronaldo1234 ronaldo12345 messi101 messi1012 messi10123 messi101234 messi1012345 neymar12 neymar123 neymar1234
neymar12345 kobe2412 kobe24123 kobe241234 kobe2412345 jordan23 jordan231 jordan2312 jordan23123 jordan231234
jordan2312345 cristiano cristiano1 cristiano12 cristiano123 cristiano1234 cristiano12345 superman superman1 superman12
superman123 superman1234 superman12345 batman12 batman123 batman1234 batman12345 spiderman spiderman1 spiderman12
spiderman123 spiderman1234 spiderman12345 ironman1 ironman12 ironman123 ironman1234 ironman12345 deadpool deadpool1
deadpool12 deadpool123 deadpool1234 deadpool12345 superhero superhero1 superhero12 superhero123 superhero1234
superhero12345 captain1 captain12 captain123 captain1234 captain12345 avengers avengers1 avengers12 avengers123
avengers1234 avengers12345 marvel12 marvel123 marvel1234 marvel12345 starwars starwars1 starwars12 starwars123
starwars1234 starwars12345 startrek startrek1 startrek12 startrek123 startrek1234 startrek12345 stargate stargate1
stargate12 stargate123 stargate1234 stargate12345 skywalker skywalker1 skywalker12 skywalker123 skywalker1234
skywalker12345 darthvader darthvader1 darthvader12 darthvader123 darthvader1234 darthvader12345 chewbacca chewbacca1
chewbacca12 chewbacca123 chewbacca1234 chewbacca12345 jedimaster jedimaster1 jedimaster12 jedimaster123 jedimaster1234
jedimaster12345 yoda1231 yoda12312 yoda123123 yoda1231234 yoda12312345 matrix12 matrix123 matrix1234 matrix12345
terminator terminator1 terminator12 terminator123 terminator1234 terminator12345 predator predator1 predator12
predator123 predator1234 predator12345 godzilla godzilla1 godzilla12 godzilla123 godzilla1234 godzilla12345 gandalf1
gandalf12 gandalf123 gandalf1234 gandalf12345 frodo123 frodo1234 frodo12345 hobbit12 hobbit123 hobbit1234 hobbit12345
legolas1 legolas12 legolas123 legolas1234 legolas12345 lordoftherings lordoftherings1 lordoftherings12
lordoftherings123 lordoftherings1234 lordoftherings12345 hogwarts hogwarts1 hogwarts12 hogwarts123 hogwarts1234
hogwarts12345 harrypotter harrypotter1 harrypotter12 harrypotter123 harrypotter1234 harrypotter12345 hermione
hermione1 hermione12 hermione123 hermione1234 hermione12345 voldemort voldemort1 voldemort12 voldemort123
voldemort1234 voldemort12345 dumbledore dumbledore1 dumbledore12 dumbledore123 dumbledore1234 dumbledore12345
gryffindor gryffindor1 gryffindor12 gryffindor123 gryffindor1234 gryffindor12345 slytherin slytherin1 slytherin12
slytherin123 slytherin1234 slytherin12345 pokemon1 pokemon12 pokemon123 pokemon1234 pokemon12345 pikachu1 pikachu12
pikachu123 pikachu1234 pikachu12345 charizard charizard1 charizard12 charizard123 charizard1234 charizard12345
digimon1 digimon12 digimon123 digimon1234 digimon12345 naruto12 naruto123 naruto1234 naruto12345 sasuke12 sasuke123
sasuke1234 sasuke12345 kakashi1 kakashi12 kakashi123 kakashi1234 kakashi12345 itachi12 itachi123 itachi1234
itachi12345 goku1231 goku12312 goku123123 goku1231234 goku12312345 vegeta12 vegeta123 vegeta1234 vegeta12345
dragonball dragonball1 dragonball12 dragonball123 dragonball1234 dragonball12345 onepiece onepiece1 onepiece12
onepiece123 onepiece1234 onepiece12345 doraemon doraemon1 doraemon12 doraemon123 doraemon1234 doraemon12345 minecraft
minecraft1 minecraft12 minecraft123 minecraft1234 minecraft12345 fortnite fortnite1 fortnite12 fortnite123
fortnite1234 fortnite12345 roblox12 roblox123 roblox1234 roblox12345 warcraft warcraft1 warcraft12 warcraft123
warcraft1234 warcraft12345 worldofwarcraft worldofwarcraft1 worldofwarcraft12 worldofwarcraft123 worldofwarcraft1234
worldofwarcraft12345 starcraft starcraft1 starcraft12 starcraft123 starcraft1234 starcraft12345 diablo12 diablo123
diablo1234 diablo12345 counterstrike counterstrike1 counterstrike12 counterstrike123 counterstrike1234
counterstrike12345 counter-strike counter-strike1 counter-strike12 counter-strike123 counter-strike1234
counter-strike12345 callofduty callofduty1 callofduty12 callofduty123 callofduty1234 callofduty12345 battlefield
battlefield1 battlefield12 battlefield123 battlefield1234 battlefield12345 halflife halflife1 halflife12 halflife123
halflife1234 halflife12345 grandtheftauto grandtheftauto1 grandtheftauto12 grandtheftauto123 grandtheftauto1234
grandtheftauto12345 assassin assassin1 assassin12 assassin123 assassin1234 assassin12345 assassins assassins1
assassins12 assassins123 assassins1234 assassins12345 finalfantasy finalfantasy1 finalfantasy12 finalfantasy123
finalfantasy1234 finalfantasy12345 zelda123 zelda1231 zelda12312 zelda123123 zelda1231234 zelda12312345 nintendo
nintendo1 nintendo12 nintendo123 nintendo1234 nintendo12345 playstation playstation1 playstation12 playstation123
playstation1234 playstation12345 playstation2 playstation21 playstation212 playstation2123 playstation21234
playstation212345 playstation3 playstation31 playstation312 playstation3123 playstation31234 playstation312345
xbox3601 xbox36012 xbox360123 xbox3601234 xbox36012345 gameover gameover1 gameover12 gameover123 gameover1234
gameover12345 gamer123 gamer1231 gamer12312 gamer123123 gamer1231234 gamer12312345 gaming12 gaming123 gaming1234
gaming12345 megaman1 megaman12 megaman123 megaman1234 megaman12345 tekken31 tekken312 tekken3123 tekken31234
tekken312345 mortalkombat mortalkombat1 mortalkombat12 mortalkombat123 mortalkombat1234 mortalkombat12345
leagueoflegends leagueoflegends1 leagueoflegends12 leagueoflegends123 leagueoflegends1234 leagueoflegends12345
dota2123 dota21231 dota212312 dota2123123 dota21231234 dota212312345 metallica metallica1 metallica12 metallica123
metallica1234 metallica12345 slipknot slipknot1 slipknot12 slipknot123 slipknot1234 slipknot12345 nirvana1 nirvana12
nirvana123 nirvana1234 nirvana12345 linkinpark linkinpark1 linkinpark12 linkinpark123 linkinpark1234 linkinpark12345
greenday greenday1 greenday12 greenday123 greenday1234 greenday12345 blink182 blink1821 blink18212 blink182123
blink1821234 blink18212345 evanescence evanescence1 evanescence12 evanescence123 evanescence1234 evanescence12345
systemofadown systemofadown1 systemofadown12 systemofadown123 systemofadown1234 systemofadown12345 ironmaiden
ironmaiden1 ironmaiden12 ironmaiden123 ironmaiden1234 ironmaiden12345 acdc1234 acdc12341 acdc123412 acdc1234123
acdc12341234 acdc123412345 ledzeppelin ledzeppelin1 ledzeppelin12 ledzeppelin123 ledzeppelin1234 ledzeppelin12345
pinkfloyd pinkfloyd1 pinkfloyd12 pinkfloyd123 pinkfloyd1234 pinkfloyd12345 beatles1 beatles12 beatles123 beatles1234
beatles12345 rollingstones rollingstones1 rollingstones12 rollingstones123 rollingstones1234 rollingstones12345
coldplay coldplay1 coldplay12 coldplay123 coldplay1234 coldplay12345 radiohead radiohead1 radiohead12 radiohead123
radiohead1234 radiohead12345 eminem12 eminem123 eminem1234 eminem12345 tupac2pac tupac2pac1 tupac2pac12 tupac2pac123
tupac2pac1234 tupac2pac12345 justinbieber justinbieber1 justinbieber12 justinbieber123 justinbieber1234
justinbieber12345 onedirection onedirection1 onedirection12 onedirection123 onedirection1234 onedirection12345
ladygaga ladygaga1 ladygaga12 ladygaga123 ladygaga1234 ladygaga12345 rihanna1 rihanna12 rihanna123 rihanna1234
rihanna12345 beyonce1 beyonce12 beyonce123 beyonce1234 beyonce12345 shakira1 shakira12 shakira123 shakira1234
shakira12345 madonna1 madonna12 madonna123 madonna1234 madonna12345 britney1 britney12 britney123 britney1234
britney12345 michaeljackson michaeljackson1 michaeljackson12 michaeljackson123 michaeljackson1234 michaeljackson12345
elvis123 elvis1231 elvis12312 elvis123123 elvis1231234 elvis12312345 elvispresley elvispresley1 elvispresley12
elvispresley123 elvispresley1234 elvispresley12345 rockstar rockstar1 rockstar12 rockstar123 rockstar1234
rockstar12345 rocknroll rocknroll1 rocknroll12 rocknroll123 rocknroll1234 rocknroll12345 hiphop12 hiphop123 hiphop1234
hiphop12345 guitar12 guitar123 guitar1234 guitar12345 guitarist guitarist1 guitarist12 guitarist123 guitarist1234
guitarist12345 drummer1 drummer12 drummer123 drummer1234 drummer12345 musician musician1 musician12 musician123
musician1234 musician12345 musica12 musica123 musica1234 musica12345 singer12 singer123 singer1234 singer12345
dancer12 dancer123 dancer1234 dancer12345 dancing1 dancing12 dancing123 dancing1234 dancing12345 princess princess1
princess12 princess123 princess1234 princess12345 prince12 prince123 prince1234 prince12345 charming charming1
charming12 charming123 charming1234 charming12345 queen123 queen1231 queen12312 queen123123 queen1231234 queen12312345
kingkong kingkong1 kingkong12 kingkong123 kingkong1234 kingkong12345 cinderella cinderella1 cinderella12 cinderella123
cinderella1234 cinderella12345 snowwhite snowwhite1 snowwhite12 snowwhite123 snowwhite1234 snowwhite12345 rapunzel
rapunzel1 rapunzel12 rapunzel123 rapunzel1234 rapunzel12345 tinkerbell tinkerbell1 tinkerbell12 tinkerbell123
tinkerbell1234 tinkerbell12345 mickey12 mickey123 mickey1234 mickey12345 mickeymouse mickeymouse1 mickeymouse12
mickeymouse123 mickeymouse1234 mickeymouse12345 minniemouse minniemouse1 minniemouse12 minniemouse123 minniemouse1234
minniemouse12345 donaldduck donaldduck1 donaldduck12 donaldduck123 donaldduck1234 donaldduck12345 winniethepooh
winniethepooh1 winniethepooh12 winniethepooh123 winniethepooh1234 winniethepooh12345 poohbear poohbear1 poohbear12
poohbear123 poohbear1234 poohbear12345 tigger12 tigger123 tigger1234 tigger12345 eeyore12 eeyore123 eeyore1234
eeyore12345 disney12 disney123 disney1234 disney12345 disneyland disneyland1 disneyland12 disneyland123 disneyland1234
disneyland12345 spongebob spongebob1 spongebob12 spongebob123 spongebob1234 spongebob12345 simpsons simpsons1
simpsons12 simpsons123 simpsons1234 simpsons12345 homer123 homer1231 homer12312 homer123123 homer1231234 homer12312345
bartsimpson bartsimpson1 bartsimpson12 bartsimpson123 bartsimpson1234 bartsimpson12345 southpark southpark1
southpark12 southpark123 southpark1234 southpark12345 familyguy familyguy1 familyguy12 familyguy123 familyguy1234
familyguy12345 garfield garfield1 garfield12 garfield123 garfield1234 garfield12345 snoopy12 snoopy123 snoopy1234
snoopy12345 scooby12 scooby123 scooby1234 scooby12345 scoobydoo scoobydoo1 scoobydoo12 scoobydoo123 scoobydoo1234
scoobydoo12345 hellokitty12 hellokitty123 hellokitty1234 hellokitty12345 barbie12 barbie123 barbie1234 barbie12345
teddybear teddybear1 teddybear12 teddybear123 teddybear1234 teddybear12345 babygirl babygirl1 babygirl12 babygirl123
babygirl1234 babygirl12345 babyboy1 babyboy12 babyboy123 babyboy1234 babyboy12345 baby1234 baby12341 baby123412
baby1234123 baby12341234 baby123412345 babydoll babydoll1 babydoll12 babydoll123 babydoll1234 babydoll12345 sweetheart
sweetheart1 sweetheart12 sweetheart123 sweetheart1234 sweetheart12345 sweetie1 sweetie12 sweetie123 sweetie1234
sweetie12345 sweety12 sweety123 sweety1234 sweety12345 honey123 honey1231 honey12312 honey123123 honey1231234
honey12312345 sugar123 sugar1231 sugar12312 sugar123123 sugar1231234 sugar12312345 cupcake1 cupcake12 cupcake123
cupcake1234 cupcake12345 cookie12 cookie123 cookie1234 cookie12345 cookies1 cookies12 cookies123 cookies1234
cookies12345 chocolate chocolate1 chocolate12 chocolate123 chocolate1234 chocolate12345 vanilla1 vanilla12 vanilla123
vanilla1234 vanilla12345 strawberry strawberry1 strawberry12 strawberry123 strawberry1234 strawberry12345 cherry12
cherry123 cherry1234 cherry12345 banana12 banana123 banana1234 banana12345 pineapple pineapple1 pineapple12
pineapple123 pineapple1234 pineapple12345 blueberry blueberry1 blueberry12 blueberry123 blueberry1234 blueberry12345
raspberry12 raspberry1234 raspberry12345 watermelon watermelon1 watermelon12 watermelon123 watermelon1234
watermelon12345 peanut12 peanut123 peanut1234 peanut12345 peanutbutter peanutbutter1 peanutbutter12 peanutbutter123
peanutbutter1234 peanutbutter12345 butter12 butter123 butter1234 butter12345 cheese12 cheese123 cheese1234 cheese12345
cheeseburger cheeseburger1 cheeseburger12 cheeseburger123 cheeseburger1234 cheeseburger12345 hamburger hamburger1
hamburger12 hamburger123 hamburger1234 hamburger12345 pizza123 pizza1231 pizza12312 pizza123123 pizza1231234
pizza12312345 spaghetti spaghetti1 spaghetti12 spaghetti123 spaghetti1234 spaghetti12345 chicken1 chicken12 chicken123
chicken1234 chicken12345 bacon123 bacon1231 bacon12312 bacon123123 bacon1231234 bacon12312345 pepper12 pepper123
pepper1234 pepper12345 pumpkin1 pumpkin12 pumpkin123 pumpkin1234 pumpkin12345 coffee12 coffee123 coffee1234
coffee12345 starbucks starbucks1 starbucks12 starbucks123 starbucks1234 starbucks12345 guinness guinness1 guinness12
guinness123 guinness1234 guinness12345 heineken heineken1 heineken12 heineken123 heineken1234 heineken12345 budweiser
budweiser1 budweiser12 budweiser123 budweiser1234 budweiser12345 corona12 corona123 corona1234 corona12345 tequila1
tequila12 tequila123 tequila1234 tequila12345 whiskey1 whiskey12 whiskey123 whiskey1234 whiskey12345 whisky12
whisky123 whisky1234 whisky12345 jackdaniels jackdaniels1 jackdaniels12 jackdaniels123 jackdaniels1234
jackdaniels12345 cocacola cocacola1 cocacola12 cocacola123 cocacola1234 cocacola12345 pepsi123 pepsi1231 pepsi12312
pepsi123123 pepsi1231234 pepsi12312345 snickers snickers1 snickers12 snickers123 snickers1234 snickers12345 skittles
skittles1 skittles12 skittles123 skittles1234 skittles12345 marlboro marlboro1 marlboro12 marlboro123 marlboro1234
marlboro12345 sunshine sunshine1 sunshine12 sunshine123 sunshine1234 sunshine12345 moonlight moonlight1 moonlight12
moonlight123 moonlight1234 moonlight12345 starlight starlight1 starlight12 starlight123 starlight1234 starlight12345
rainbow1 rainbow12 rainbow123 rainbow1234 rainbow12345 sunflower sunflower1 sunflower12 sunflower123 sunflower1234
sunflower12345 flower12 flower123 flower1234 flower12345 flowers1 flowers12 flowers123 flowers1234 flowers12345
butterfly butterfly1 butterfly12 butterfly123 butterfly1234 butterfly12345 ladybug1 ladybug12 ladybug123 ladybug1234
ladybug12345 dolphin1 dolphin12 dolphin123 dolphin1234 dolphin12345 elephant elephant1 elephant12 elephant123
elephant1234 elephant12345 tiger123 tiger1231 tiger12312 tiger123123 tiger1231234 tiger12312345 lion1234 lion12341
lion123412 lion1234123 lion12341234 lion123412345 panther1 panther12 panther123 panther1234 panther12345 jaguar12
jaguar123 jaguar1234 jaguar12345 cheetah1 cheetah12 cheetah123 cheetah1234 cheetah12345 leopard1 leopard12 leopard123
leopard1234 leopard12345 monkey12 monkey123 monkey1234 monkey12345 monkey121 monkey1212 monkey12123 monkey121234
monkey1212345 gorilla1 gorilla12 gorilla123 gorilla1234 gorilla12345 penguin1 penguin12 penguin123 penguin1234
penguin12345 phoenix1 phoenix12 phoenix123 phoenix1234 phoenix12345 dragon12 dragon123 dragon1234 dragon12345 dragons1
dragons12 dragons123 dragons1234 dragons12345 dragonfly dragonfly1 dragonfly12 dragonfly123 dragonfly1234
dragonfly12345 unicorn1 unicorn12 unicorn123 unicorn1234 unicorn12345 unicorns unicorns1 unicorns12 unicorns123
unicorns1234 unicorns12345 pegasus1 pegasus12 pegasus123 pegasus1234 pegasus12345 scorpion scorpion1 scorpion12
scorpion123 scorpion1234 scorpion12345 spider12 spider123 spider1234 spider12345 snake123 snake1231 snake12312
snake123123 snake1231234 snake12312345 cobra123 cobra1231 cobra12312 cobra123123 cobra1231234 cobra12312345 wolf1234
wolf12341 wolf123412 wolf1234123 wolf12341234 wolf123412345 werewolf werewolf1 werewolf12 werewolf123 werewolf1234
werewolf12345 vampire1 vampire12 vampire123 vampire1234 vampire12345 twilight twilight1 twilight12 twilight123
twilight1234 twilight12345 midnight midnight1 midnight12 midnight123 midnight1234 midnight12345 darkness darkness1
darkness12 darkness123 darkness1234 darkness12345 shadow12 shadow123 shadow1234 shadow12345 shadows1 shadows12
shadows123 shadows1234 shadows12345 blackcat blackcat1 blackcat12 blackcat123 blackcat1234 blackcat12345 kitten12
kitten123 kitten1234 kitten12345 kittycat kittycat1 kittycat12 kittycat123 kittycat1234 kittycat12345 kitty123
kitty1231 kitty12312 kitty123123 kitty1231234 kitty12312345 puppy123 puppy1231 puppy12312 puppy123123 puppy1231234
puppy12312345 puppies1 puppies12 puppies123 puppies1234 puppies12345 doggie12 doggie123 doggie1234 doggie12345
bulldog1 bulldog12 bulldog123 bulldog1234 bulldog12345 rottweiler rottweiler1 rottweiler12 rottweiler123
rottweiler1234 rottweiler12345 labrador labrador1 labrador12 labrador123 labrador1234 labrador12345 retriever
retriever1 retriever12 retriever123 retriever1234 retriever12345 mustang1 mustang12 mustang123 mustang1234
mustang12345 stallion stallion1 stallion12 stallion123 stallion1234 stallion12345 horses12 horses123 horses1234
horses12345 ponies12 ponies123 ponies1234 ponies12345 turtle12 turtle123 turtle1234 turtle12345 hamster1 hamster12
hamster123 hamster1234 hamster12345 rabbit12 rabbit123 rabbit1234 rabbit12345 bunny123 bunny1231 bunny12312
bunny123123 bunny1231234 bunny12312345 bear1234 bear12341 bear123412 bear1234123 bear12341234 bear123412345 eagle123
eagle1231 eagle12312 eagle123123 eagle1231234 eagle12312345 falcon12 falcon123 falcon1234 falcon12345 raven123
raven1231 raven12312 raven123123 raven1231234 raven12312345 parrot12 parrot123 parrot1234 parrot12345 chickens
chickens1 chickens12 chickens123 chickens1234 chickens12345 buster12 buster123 buster1234 buster12345 buddy123
buddy1231 buddy12312 buddy123123 buddy1231234 buddy12312345 maggie12 maggie123 maggie1234 maggie12345 bailey12
bailey123 bailey1234 bailey12345 cooper12 cooper123 cooper1234 cooper12345 rocky123 rocky1231 rocky12312 rocky123123
rocky1231234 rocky12312345 lucky123 lucky1231 lucky12312 lucky123123 lucky1231234 lucky12312345 lucky777 lucky7771
lucky77712 lucky777123 lucky7771234 lucky77712345 max12345 max123451 max1234512 max12345123 max123451234 max1234512345
sparky12 sparky123 sparky1234 sparky12345 smokey12 smokey123 smokey1234 smokey12345 bandit12 bandit123 bandit1234
bandit12345 biscuit1 biscuit12 biscuit123 biscuit1234 biscuit12345 ginger12 ginger123 ginger1234 ginger12345 gizmo123
gizmo1231 gizmo12312 gizmo123123 gizmo1231234 gizmo12312345 tinker12 tinker123 tinker1234 tinker12345 tucker12
tucker123 tucker1234 tucker12345 computer computer12 computer123 computer1234 computer12345 internet12 internet1234
internet12345 keyboard keyboard1 keyboard12 keyboard123 keyboard1234 keyboard12345 network12 network1234 network12345
hacker12 hacker123 hacker1234 hacker12345 hackers1 hackers12 hackers123 hackers1234 hackers12345 hacker1231
hacker12312 hacker123123 hacker1231234 hacker12312345 developer12 developer1234 developer12345 program1 program12
program123 program1234 program12345 programmer programmer1 programmer12 programmer123 programmer1234 programmer12345
programming programming1 programming12 programming123 programming1234 programming12345 engineer engineer1 engineer12
engineer123 engineer1234 engineer12345 engineering engineering1 engineering12 engineering123 engineering1234
engineering12345 scientist scientist1 scientist12 scientist123 scientist1234 scientist12345 mathematics mathematics1
mathematics12 mathematics123 mathematics1234 mathematics12345 chemistry chemistry1 chemistry12 chemistry123
chemistry1234 chemistry12345 physics1 physics12 physics123 physics1234 physics12345 biology1 biology12 biology123
biology1234 biology12345 history1 history12 history123 history1234 history12345 english1 english12 english123
english1234 english12345 geography geography1 geography12 geography123 geography1234 geography12345 doctor123
doctor1231 doctor12312 doctor123123 doctor1231234 doctor12312345 nurse123 nurse1231 nurse12312 nurse123123
nurse1231234 nurse12312345 lawyer12 lawyer123 lawyer1234 lawyer12345 police12 police123 police1234 police12345
soldier1 soldier12 soldier123 soldier1234 soldier12345 military military1 military12 military123 military1234
military12345 marines1 marines12 marines123 marines1234 marines12345 navyseal navyseal1 navyseal12 navyseal123
navyseal1234 navyseal12345 airforce airforce1 airforce12 airforce123 airforce1234 airforce12345 army1234 army12341
army123412 army1234123 army12341234 army123412345 semperfi semperfi1 semperfi12 semperfi123 semperfi1234 semperfi12345
warrior1 warrior12 warrior123 warrior1234 warrior12345 warriors warriors1 warriors12 warriors123 warriors1234
warriors12345 champion champion1 champion12 champion123 champion1234 champion12345 champions champions1 champions12
champions123 champions1234 champions12345 winner12 winner123 winner1234 winner12345 winner1231 winner12312
winner123123 winner1231234 winner12312345 victory1 victory12 victory123 victory1234 victory12345 success1 success12
success123 success1234 success12345 successful successful1 successful12 successful123 successful1234 successful12345
blessed1 blessed12 blessed123 blessed1234 blessed12345 blessing blessing1 blessing12 blessing123 blessing1234
blessing12345 grace123 grace1231 grace12312 grace123123 grace1231234 grace12312345 faith123 faith1231 faith12312
faith123123 faith1231234 faith12312345 hope1234 hope12341 hope123412 hope1234123 hope12341234 hope123412345 freedom1
freedom12 freedom123 freedom1234 freedom12345 liberty1 liberty12 liberty123 liberty1234 liberty12345 justice1
justice12 justice123 justice1234 justice12345 peace123 peace1231 peace12312 peace123123 peace1231234 peace12312345
happiness happiness1 happiness12 happiness123 happiness1234 happiness12345 happyday happyday1 happyday12 happyday123
happyday1234 happyday12345 happy123 happy1231 happy12312 happy123123 happy1231234 happy12312345 smile123 smile1231
smile12312 smile123123 smile1231234 smile12312345 smiley12 smiley123 smiley1234 smiley12345 lovely1234 lovely12345
loveme1234 loveme12345 lovers12 lovers123 lovers1234 lovers12345 friends1 friends12 friends123 friends1234
friends12345 friendship friendship1 friendship12 friendship123 friendship1234 friendship12345 bestfriend bestfriend1
bestfriend12 bestfriend123 bestfriend1234 bestfriend12345 bestfriends bestfriends1 bestfriends12 bestfriends123
bestfriends1234 bestfriends12345 family12 family123 family1234 family12345 family1231 family12312 family123123
family1231234 family12312345 familia1 familia12 familia123 familia1234 familia12345 mother12 mother123 mother1234
mother12345 mommy123 mommy1231 mommy12312 mommy123123 mommy1231234 mommy12312345 daddy123 daddy1231 daddy12312
daddy123123 daddy1231234 daddy12312345 father12 father123 father1234 father12345 grandma1 grandma12 grandma123
grandma1234 grandma12345 grandpa1 grandpa12 grandpa123 grandpa1234 grandpa12345 brother1 brother12 brother123
brother1234 brother12345 sister12 sister123 sister1234 sister12345 children children1 children12 children123
children1234 children12345 kids1234 kids12341 kids123412 kids1234123 kids12341234 kids123412345 wedding1 wedding12
wedding123 wedding1234 wedding12345 married1 married12 married123 married1234 married12345 forever12 forever1234
forever12345 always12 always123 always1234 always12345 together together1 together12 together123 together1234
together12345 heaven12 heaven123 heaven1234 heaven12345 heavens1 heavens12 heavens123 heavens1234 heavens12345
angel123 angel1231 angel12312 angel123123 angel1231234 angel12312345 angels12 angels123 angels1234 angels12345
angelito angelito1 angelito12 angelito123 angelito1234 angelito12345 jesus123 jesus1231 jesus12312 jesus123123
jesus1231234 jesus12312345 jesuschrist jesuschrist1 jesuschrist12 jesuschrist123 jesuschrist1234 jesuschrist12345
jesussaves jesussaves1 jesussaves12 jesussaves123 jesussaves1234 jesussaves12345 jesusislord jesusislord1
jesusislord12 jesusislord123 jesusislord1234 jesusislord12345 godisgood godisgood1 godisgood12 godisgood123
godisgood1234 godisgood12345 godislove godislove1 godislove12 godislove123 godislove1234 godislove12345 godbless
godbless1 godbless12 godbless123 godbless1234 godbless12345 ingodwetrust ingodwetrust1 ingodwetrust12 ingodwetrust123
ingodwetrust1234 ingodwetrust12345 inchristalone inchristalone1 inchristalone12 inchristalone123 inchristalone1234
inchristalone12345 christ12 christ123 christ1234 christ12345 church12 church123 church1234 church12345 bible123
bible1231 bible12312 bible123123 bible1231234 bible12312345 amen1234 amen12341 amen123412 amen1234123 amen12341234
amen123412345 hallelujah hallelujah1 hallelujah12 hallelujah123 hallelujah1234 hallelujah12345 genesis1 genesis12
genesis123 genesis1234 genesis12345 exodus12 exodus123 exodus1234 exodus12345 psalm231 psalm2312 psalm23123
psalm231234 psalm2312345 john3161 john31612 john316123 john3161234 john31612345 trinity1 trinity12 trinity123
trinity1234 trinity12345 emmanuel12345 messiah1 messiah12 messiah123 messiah1234 messiah12345 creation creation1
creation12 creation123 creation1234 creation12345 mountain mountain1 mountain12 mountain123 mountain1234 mountain12345
mountains mountains1 mountains12 mountains123 mountains1234 mountains12345 ocean123 ocean1231 ocean12312 ocean123123
ocean1231234 ocean12312345 beach123 beach1231 beach12312 beach123123 beach1231234 beach12312345 island12 island123
island1234 island12345 paradise paradise1 paradise12 paradise123 paradise1234 paradise12345 summer69 summer691
summer6912 summer69123 summer691234 summer6912345 sunset12 sunset123 sunset1234 sunset12345 sunrise1 sunrise12
sunrise123 sunrise1234 sunrise12345 thunder1 thunder12 thunder123 thunder1234 thunder12345 lightning lightning1
lightning12 lightning123 lightning1234 lightning12345 tornado1 tornado12 tornado123 tornado1234 tornado12345 hurricane
hurricane1 hurricane12 hurricane123 hurricane1234 hurricane12345 volcano1 volcano12 volcano123 volcano1234
volcano12345 diamond1 diamond12 diamond123 diamond1234 diamond12345 diamonds diamonds1 diamonds12 diamonds123
diamonds1234 diamonds12345 crystal1 crystal12 crystal123 crystal1234 crystal12345 emerald1 emerald12 emerald123
emerald1234 emerald12345 sapphire sapphire1 sapphire12 sapphire123 sapphire1234 sapphire12345 platinum platinum1
platinum12 platinum123 platinum1234 platinum12345 golden12 golden123 golden1234 golden12345 silver12 silver123
silver1234 silver12345 gold1234 gold12341 gold123412 gold1234123 gold12341234 gold123412345 money123 money1231
money12312 money123123 money1231234 money12312345 moneymoney moneymoney1 moneymoney12 moneymoney123 moneymoney1234
moneymoney12345 millionaire millionaire1 millionaire12 millionaire123 millionaire1234 millionaire12345 billionaire
billionaire1 billionaire12 billionaire123 billionaire1234 billionaire12345 rich1234 rich12341 rich123412 rich1234123
rich12341234 rich123412345 dollar12 dollar123 dollar1234 dollar12345 dollars1 dollars12 dollars123 dollars1234
dollars12345 lottery1 lottery12 lottery123 lottery1234 lottery12345 casino12 casino123 casino1234 casino12345 poker123
poker1231 poker12312 poker123123 poker1231234 poker12312345 blackjack blackjack1 blackjack12 blackjack123
blackjack1234 blackjack12345 jackpot1 jackpot12 jackpot123 jackpot1234 jackpot12345 lasvegas lasvegas1 lasvegas12
lasvegas123 lasvegas1234 lasvegas12345 newyork1 newyork12 newyork123 newyork1234 newyork12345 newyorkcity newyorkcity1
newyorkcity12 newyorkcity123 newyorkcity1234 newyorkcity12345 brooklyn12345 california california1 california12
california123 california1234 california12345 california11 california112 california1123 california11234
california112345 losangeles losangeles1 losangeles12 losangeles123 losangeles1234 losangeles12345 sanfrancisco
sanfrancisco1 sanfrancisco12 sanfrancisco123 sanfrancisco1234 sanfrancisco12345 hollywood hollywood1 hollywood12
hollywood123 hollywood1234 hollywood12345 chicago1 chicago12 chicago123 chicago1234 chicago12345 boston123 boston1231
boston12312 boston123123 boston1231234 boston12312345 texas123 texas1231 texas12312 texas123123 texas1231234
texas12312345 florida1 florida12 florida123 florida1234 florida12345 miami123 miami1231 miami12312 miami123123
miami1231234 miami12312345 orlando12345 seattle1 seattle12 seattle123 seattle1234 seattle12345 denver123 denver1231
denver12312 denver123123 denver1231234 denver12312345 phoenix11 phoenix112 phoenix1123 phoenix11234 phoenix112345
philadelphia philadelphia1 philadelphia12 philadelphia123 philadelphia1234 philadelphia12345 washington washington1
washington12 washington123 washington1234 washington12345 michigan michigan1 michigan12 michigan123 michigan1234
michigan12345 carolina12345 virginia virginia1 virginia12 virginia123 virginia1234 virginia12345 georgia1 georgia12
georgia123 georgia1234 georgia12345 tennessee tennessee1 tennessee12 tennessee123 tennessee1234 tennessee12345
kentucky kentucky1 kentucky12 kentucky123 kentucky1234 kentucky12345 oklahoma oklahoma1 oklahoma12 oklahoma123
oklahoma1234 oklahoma12345 colorado colorado1 colorado12 colorado123 colorado1234 colorado12345 arizona1 arizona12
arizona123 arizona1234 arizona12345 minnesota minnesota1 minnesota12 minnesota123 minnesota1234 minnesota12345
wisconsin wisconsin1 wisconsin12 wisconsin123 wisconsin1234 wisconsin12345 indiana1 indiana12 indiana123 indiana1234
indiana12345 illinois illinois1 illinois12 illinois123 illinois1234 illinois12345 ohio1234 ohio12341 ohio123412
ohio1234123 ohio12341234 ohio123412345 hawaii12 hawaii123 hawaii1234 hawaii12345 alaska123 alaska1231 alaska12312
alaska123123 alaska1231234 alaska12312345 canada12 canada123 canada1234 canada12345 toronto1 toronto12 toronto123
toronto1234 toronto12345 vancouver vancouver1 vancouver12 vancouver123 vancouver1234 vancouver12345 montreal montreal1
montreal12 montreal123 montreal1234 montreal12345 mexico12 mexico123 mexico1234 mexico12345 brasil12 brasil123
brasil1234 brasil12345 brazil123 brazil1231 brazil12312 brazil123123 brazil1231234 brazil12312345 argentina argentina1
argentina12 argentina123 argentina1234 argentina12345 colombia colombia1 colombia12 colombia123 colombia1234
colombia12345 venezuela venezuela1 venezuela12 venezuela123 venezuela1234 venezuela12345 peru1234 peru12341 peru123412
peru1234123 peru12341234 peru123412345 chile123 chile1231 chile12312 chile123123 chile1231234 chile12312345 espana12
espana123 espana1234 espana12345 spain123 spain1231 spain12312 spain123123 spain1231234 spain12312345 madrid12
madrid123 madrid1234 madrid12345 portugal portugal1 portugal12 portugal123 portugal1234 portugal12345 lisboa12
lisboa123 lisboa1234 lisboa12345 france123 france1231 france12312 france123123 france1231234 france12312345 marseille
marseille1 marseille12 marseille123 marseille1234 marseille12345 bordeaux bordeaux1 bordeaux12 bordeaux123
bordeaux1234 bordeaux12345 italia12 italia123 italia1234 italia12345 italy123 italy1231 italy12312 italy123123
italy1231234 italy12312345 germany1 germany12 germany123 germany1234 germany12345 deutschland deutschland1
deutschland12 deutschland123 deutschland1234 deutschland12345 hamburg1 hamburg12 hamburg123 hamburg1234 hamburg12345
munich12 munich123 munich1234 munich12345 austria1 austria12 austria123 austria1234 austria12345 switzerland
switzerland1 switzerland12 switzerland123 switzerland1234 switzerland12345 netherlands netherlands1 netherlands12
netherlands123 netherlands1234 netherlands12345 holland1 holland12 holland123 holland1234 holland12345 amsterdam
amsterdam1 amsterdam12 amsterdam123 amsterdam1234 amsterdam12345 belgium1 belgium12 belgium123 belgium1234
belgium12345 sweden12 sweden123 sweden1234 sweden12345 stockholm stockholm1 stockholm12 stockholm123 stockholm1234
stockholm12345 norway12 norway123 norway1234 norway12345 denmark1 denmark12 denmark123 denmark1234 denmark12345
copenhagen copenhagen1 copenhagen12 copenhagen123 copenhagen1234 copenhagen12345 finland1 finland12 finland123
finland1234 finland12345 poland12 poland123 poland1234 poland12345 polska12 polska123 polska1234 polska12345 warszawa
warszawa1 warszawa12 warszawa123 warszawa1234 warszawa12345 russia12 russia123 russia1234 russia12345 moscow12
moscow123 moscow1234 moscow12345 ukraine1 ukraine12 ukraine123 ukraine1234 ukraine12345 istanbul istanbul1 istanbul12
istanbul123 istanbul1234 istanbul12345 turkiye1 turkiye12 turkiye123 turkiye1234 turkiye12345 greece123 greece1231
greece12312 greece123123 greece1231234 greece12312345 athens12 athens123 athens1234 athens12345 egypt123 egypt1231
egypt12312 egypt123123 egypt1231234 egypt12312345 morocco1 morocco12 morocco123 morocco1234 morocco12345 nigeria1
nigeria12 nigeria123 nigeria1234 nigeria12345 kenya123 kenya1231 kenya12312 kenya123123 kenya1231234 kenya12312345
southafrica southafrica1 southafrica12 southafrica123 southafrica1234 southafrica12345 africa123 africa1231
africa12312 africa123123 africa1231234 africa12312345 australia australia1 australia12 australia123 australia1234
australia12345 sydney123 sydney1231 sydney12312 sydney123123 sydney1231234 sydney12312345 melbourne melbourne1
melbourne12 melbourne123 melbourne1234 melbourne12345 newzealand newzealand1 newzealand12 newzealand123 newzealand1234
newzealand12345 auckland auckland1 auckland12 auckland123 auckland1234 auckland12345 india123 india1231 india12312
india123123 india1231234 india12312345 mumbai123 mumbai1231 mumbai12312 mumbai123123 mumbai1231234 mumbai12312345
delhi123 delhi1231 delhi12312 delhi123123 delhi1231234 delhi12312345 bangalore bangalore1 bangalore12 bangalore123
bangalore1234 bangalore12345 pakistan pakistan1 pakistan12 pakistan123 pakistan1234 pakistan12345 islamabad islamabad1
islamabad12 islamabad123 islamabad1234 islamabad12345 bangladesh bangladesh1 bangladesh12 bangladesh123 bangladesh1234
bangladesh12345 indonesia indonesia1 indonesia12 indonesia123 indonesia1234 indonesia12345 jakarta1 jakarta12
jakarta123 jakarta1234 jakarta12345 bandung1 bandung12 bandung123 bandung1234 bandung12345 malaysia malaysia1
malaysia12 malaysia123 malaysia1234 malaysia12345 singapore singapore1 singapore12 singapore123 singapore1234
singapore12345 thailand thailand1 thailand12 thailand123 thailand1234 thailand12345 bangkok1 bangkok12 bangkok123
bangkok1234 bangkok12345 vietnam1 vietnam12 vietnam123 vietnam1234 vietnam12345 saigon12 saigon123 saigon1234
saigon12345 philippines philippines1 philippines12 philippines123 philippines1234 philippines12345 manila123
manila1231 manila12312 manila123123 manila1231234 manila12312345 hongkong hongkong1 hongkong12 hongkong123
hongkong1234 hongkong12345 shanghai shanghai1 shanghai12 shanghai123 shanghai1234 shanghai12345 beijing1 beijing12
beijing123 beijing1234 beijing12345 china123 china1231 china12312 china123123 china1231234 china12312345 taiwan12
taiwan123 taiwan1234 taiwan12345 japan123 japan1231 japan12312 japan123123 japan1231234 japan12312345 tokyo123
tokyo1231 tokyo12312 tokyo123123 tokyo1231234 tokyo12312345 korea123 korea1231 korea12312 korea123123 korea1231234
korea12312345 england1 england12 england123 england1234 england12345 scotland scotland1 scotland12 scotland123
scotland1234 scotland12345 ireland1 ireland12 ireland123 ireland1234 ireland12345 dublin123 dublin1231 dublin12312
dublin123123 dublin1231234 dublin12312345 birmingham birmingham1 birmingham12 birmingham123 birmingham1234
birmingham12345 porsche1 porsche12 porsche123 porsche1234 porsche12345 porsche911 porsche9111 porsche91112
porsche911123 porsche9111234 porsche91112345 ferrari1 ferrari12 ferrari123 ferrari1234 ferrari12345 lamborghini
lamborghini1 lamborghini12 lamborghini123 lamborghini1234 lamborghini12345 corvette corvette1 corvette12 corvette123
corvette1234 corvette12345 camaro12 camaro123 camaro1234 camaro12345 chevrolet chevrolet1 chevrolet12 chevrolet123
chevrolet1234 chevrolet12345 chevelle chevelle1 chevelle12 chevelle123 chevelle1234 chevelle12345 challenger
challenger1 challenger12 challenger123 challenger1234 challenger12345 charger1 charger12 charger123 charger1234
charger12345 dodge123 dodge1231 dodge12312 dodge123123 dodge1231234 dodge12312345 ford1234 ford12341 ford123412
ford1234123 ford12341234 ford123412345 fordf150 fordf1501 fordf15012 fordf150123 fordf1501234 fordf15012345 toyota12
toyota123 toyota1234 toyota12345 toyota1231 toyota12312 toyota123123 toyota1231234 toyota12312345 honda123 honda1231
honda12312 honda123123 honda1231234 honda12312345 hondacivic hondacivic1 hondacivic12 hondacivic123 hondacivic1234
hondacivic12345 civic123 civic1231 civic12312 civic123123 civic1231234 civic12312345 nissan12 nissan123 nissan1234
nissan12345 subaru12 subaru123 subaru1234 subaru12345 impreza1 impreza12 impreza123 impreza1234 impreza12345
mitsubishi mitsubishi1 mitsubishi12 mitsubishi123 mitsubishi1234 mitsubishi12345 yamaha12 yamaha123 yamaha1234
yamaha12345 yamahar1 yamahar11 yamahar112 yamahar1123 yamahar11234 yamahar112345 kawasaki kawasaki1 kawasaki12
kawasaki123 kawasaki1234 kawasaki12345 suzuki12 suzuki123 suzuki1234 suzuki12345 ducati12 ducati123 ducati1234
ducati12345 harley12 harley123 harley1234 harley12345 harleydavidson harleydavidson1 harleydavidson12
harleydavidson123 harleydavidson1234 harleydavidson12345 davidson davidson1 davidson12 davidson123 davidson1234
davidson12345 bmwbmw12 bmwbmw123 bmwbmw1234 bmwbmw12345 mercedes12345 mercedesbenz mercedesbenz1 mercedesbenz12
mercedesbenz123 mercedesbenz1234 mercedesbenz12345 audi1234 audi12341 audi123412 audi1234123 audi12341234
audi123412345 volkswagen volkswagen1 volkswagen12 volkswagen123 volkswagen1234 volkswagen12345 volvo123 volvo1231
volvo12312 volvo123123 volvo1231234 volvo12312345 peugeot1 peugeot12 peugeot123 peugeot1234 peugeot12345 renault1
renault12 renault123 renault1234 renault12345 citroen1 citroen12 citroen123 citroen1234 citroen12345 hyundai1
hyundai12 hyundai123 hyundai1234 hyundai12345 jeep1234 jeep12341 jeep123412 jeep1234123 jeep12341234 jeep123412345
wrangler wrangler1 wrangler12 wrangler123 wrangler1234 wrangler12345 landrover landrover1 landrover12 landrover123
landrover1234 landrover12345 rangerover rangerover1 rangerover12 rangerover123 rangerover1234 rangerover12345
ferrari11 ferrari112 ferrari1123 ferrari11234 ferrari112345 racecar1 racecar12 racecar123 racecar1234 racecar12345
nascar12 nascar123 nascar1234 nascar12345 formula1 formula11 formula112 formula1123 formula11234 formula112345
michelin michelin1 michelin12 michelin123 michelin1234 michelin12345 secrets1 secrets12 secrets123 secrets1234
secrets12345 mystery1 mystery12 mystery123 mystery1234 mystery12345 mystical mystical1 mystical12 mystical123
mystical1234 mystical12345 magic123 magic1231 magic12312 magic123123 magic1231234 magic12312345 magician magician1
magician12 magician123 magician1234 magician12345 wizard123 wizard1231 wizard12312 wizard123123 wizard1231234
wizard12312345 wizards1 wizards12 wizards123 wizards1234 wizards12345 merlin12 merlin123 merlin1234 merlin12345
excalibur excalibur1 excalibur12 excalibur123 excalibur1234 excalibur12345 camelot1 camelot12 camelot123 camelot1234
camelot12345 knight12 knight123 knight1234 knight12345 knights1 knights12 knights123 knights1234 knights12345 templar1
templar12 templar123 templar1234 templar12345 gladiator gladiator1 gladiator12 gladiator123 gladiator1234
gladiator12345 spartacus spartacus1 spartacus12 spartacus123 spartacus1234 spartacus12345 spartan1 spartan12
spartan123 spartan1234 spartan12345 achilles achilles1 achilles12 achilles123 achilles1234 achilles12345 hercules
hercules1 hercules12 hercules123 hercules1234 hercules12345 apollo12 apollo123 apollo1234 apollo12345 athena12
athena123 athena1234 athena12345 zeus1234 zeus12341 zeus123412 zeus1234123 zeus12341234 zeus123412345 poseidon
poseidon1 poseidon12 poseidon123 poseidon1234 poseidon12345 odysseus odysseus1 odysseus12 odysseus123 odysseus1234
odysseus12345 olympus1 olympus12 olympus123 olympus1234 olympus12345 pandora1 pandora12 pandora123 pandora1234
pandora12345 atlantis atlantis1 atlantis12 atlantis123 atlantis1234 atlantis12345 pyramid1 pyramid12 pyramid123
pyramid1234 pyramid12345 pharaoh1 pharaoh12 pharaoh123 pharaoh1234 pharaoh12345 cleopatra cleopatra1 cleopatra12
cleopatra123 cleopatra1234 cleopatra12345 samurai1 samurai12 samurai123 samurai1234 samurai12345 samurai11 samurai112
samurai1123 samurai11234 samurai112345 ninja123 ninja1231 ninja12312 ninja123123 ninja1231234 ninja12312345 shinobi1
shinobi12 shinobi123 shinobi1234 shinobi12345 dragon1231 dragon12312 dragon123123 dragon1231234 dragon12312345
sniper12 sniper123 sniper1234 sniper12345 sniper1231 sniper12312 sniper123123 sniper1231234 sniper12312345 killer12
killer123 killer1234 killer12345 killer1231 killer12312 killer123123 killer1231234 killer12312345 reaper12 reaper123
reaper1234 reaper12345 phantom1 phantom12 phantom123 phantom1234 phantom12345 ghost123 ghost1231 ghost12312
ghost123123 ghost1231234 ghost12312345 zombie12 zombie123 zombie1234 zombie12345 zombies1 zombies12 zombies123
zombies1234 zombies12345 monster1 monster12 monster123 monster1234 monster12345 monsters monsters1 monsters12
monsters123 monsters1234 monsters12345 demon123 demon1231 demon12312 demon123123 demon1231234 demon12312345 lucifer1
lucifer12 lucifer123 lucifer1234 lucifer12345 satan666 satan6661 satan66612 satan666123 satan6661234 satan66612345
devil666 devil6661 devil66612 devil666123 devil6661234 devil66612345 hellfire hellfire1 hellfire12 hellfire123
hellfire1234 hellfire12345 inferno1 inferno12 inferno123 inferno1234 inferno12345 destroyer destroyer1 destroyer12
destroyer123 destroyer1234 destroyer12345 annihilator annihilator1 annihilator12 annihilator123 annihilator1234
annihilator12345 punisher punisher1 punisher12 punisher123 punisher1234 punisher12345 avenger1 avenger12 avenger123
avenger1234 avenger12345 gunners1 gunners12 gunners123 gunners1234 gunners12345 maverick maverick1 maverick12
maverick123 maverick1234 maverick12345 renegade renegade1 renegade12 renegade123 renegade1234 renegade12345 outlaw123
outlaw1231 outlaw12312 outlaw123123 outlaw1231234 outlaw12312345 cowboy12 cowboy123 cowboy1234 cowboy12345 cowgirl1
cowgirl12 cowgirl123 cowgirl1234 cowgirl12345 cherokee cherokee1 cherokee12 cherokee123 cherokee1234 cherokee12345
apache12 apache123 apache1234 apache12345 navajo12 navajo123 navajo1234 navajo12345 geronimo geronimo1 geronimo12
geronimo123 geronimo1234 geronimo12345 viking12 viking123 viking1234 viking12345 vikings1 vikings12 vikings123
vikings1234 vikings12345 valhalla valhalla1 valhalla12 valhalla123 valhalla1234 valhalla12345 ragnarok ragnarok1
ragnarok12 ragnarok123 ragnarok1234 ragnarok12345 thor1234 thor12341 thor123412 thor1234123 thor12341234 thor123412345
odin1234 odin12341 odin123412 odin1234123 odin12341234 odin123412345 loki1234 loki12341 loki123412 loki1234123
loki12341234 loki123412345 freya123 freya1231 freya12312 freya123123 freya1231234 freya12312345 asgard12 asgard123
asgard1234 asgard12345 einstein einstein1 einstein12 einstein123 einstein1234 einstein12345 newton123 newton1231
newton12312 newton123123 newton1231234 newton12312345 darwin123 darwin1231 darwin12312 darwin123123 darwin1231234
darwin12312345 galileo1 galileo12 galileo123 galileo1234 galileo12345 davinci1 davinci12 davinci123 davinci1234
davinci12345 picasso1 picasso12 picasso123 picasso1234 picasso12345 mozart12 mozart123 mozart1234 mozart12345
beethoven beethoven1 beethoven12 beethoven123 beethoven1234 beethoven12345 shakespeare shakespeare1 shakespeare12
shakespeare123 shakespeare1234 shakespeare12345 socrates socrates1 socrates12 socrates123 socrates1234 socrates12345
aristotle aristotle1 aristotle12 aristotle123 aristotle1234 aristotle12345 napoleon napoleon1 napoleon12 napoleon123
napoleon1234 napoleon12345 alexander12345 caesar123 caesar1231 caesar12312 caesar123123 caesar1231234 caesar12312345
lincoln1 lincoln12 lincoln123 lincoln1234 lincoln12345 kennedy1 kennedy12 kennedy123 kennedy1234 kennedy12345 obama123
obama1231 obama12312 obama123123 obama1231234 obama12312345 trump2020 trump20201 trump202012 trump2020123
trump20201234 trump202012345 trump2016 trump20161 trump201612 trump2016123 trump20161234 trump201612345 donaldtrump
donaldtrump1 donaldtrump12 donaldtrump123 donaldtrump1234 donaldtrump12345 bitcoin1 bitcoin12 bitcoin123 bitcoin1234
bitcoin12345 bitcoin11 bitcoin112 bitcoin1123 bitcoin11234 bitcoin112345 ethereum ethereum1 ethereum12 ethereum123
ethereum1234 ethereum12345 blockchain blockchain1 blockchain12 blockchain123 blockchain1234 blockchain12345 crypto123
crypto1231 crypto12312 crypto123123 crypto1231234 crypto12312345 whatever1234 whatever12345 nothing12 nothing1234
nothing12345 something something1 something12 something123 something1234 something12345 anything anything1 anything12
anything123 anything1234 anything12345 everything everything1 everything12 everything123 everything1234
everything12345 nevermind nevermind1 nevermind12 nevermind123 nevermind1234 nevermind12345 idontknow idontknow1
idontknow12 idontknow123 idontknow1234 idontknow12345 idontcare idontcare1 idontcare12 idontcare123 idontcare1234
idontcare12345 dontforget dontforget1 dontforget12 dontforget123 dontforget1234 dontforget12345 forgetit forgetit1
forgetit12 forgetit123 forgetit1234 forgetit12345 remember remember1 remember12 remember123 remember1234 remember12345
rememberme rememberme1 rememberme12 rememberme123 rememberme1234 rememberme12345 iforgot1 iforgot12 iforgot123
iforgot1234 iforgot12345 iforgot11 iforgot112 iforgot1123 iforgot11234 iforgot112345 asdfjkl; asdfjkl;1 asdfjkl;12
asdfjkl;123 asdfjkl;1234 asdfjkl;12345 bismillah bismillah1 bismillah12 bismillah123 bismillah1234 bismillah12345
alhamdulillah alhamdulillah1 alhamdulillah12 alhamdulillah123 alhamdulillah1234 alhamdulillah12345 allahuakbar
allahuakbar1 allahuakbar12 allahuakbar123 allahuakbar1234 allahuakbar12345 allahakbar allahakbar1 allahakbar12
allahakbar123 allahakbar1234 allahakbar12345 mashallah mashallah1 mashallah12 mashallah123 mashallah1234
mashallah12345 subhanallah subhanallah1 subhanallah12 subhanallah123 subhanallah1234 subhanallah12345 monkey123456
monkey11 monkey13 monkey01 monkey99 monkey00 monkey21 monkey22 monkey23 monkey69 monkey77 monkey88 monkey007
monkey123! monkey2000 monkey2020 monkey2023 monkey2024 monkey2025 monkey1990 monkey1991 monkey1992 monkey1993
monkey1994 monkey1995 monkey1996 monkey1997 monkey1998 monkey1999 monkey2001 monkey2002 monkey2010 monkey2021
monkey2022 monkey2026 monkey@123 monkey@1234 monkey#1 monkey321 monkey111 monkey777 monkey666 monkeymonkey 123monkey
1234monkey dragon123456 dragon11 dragon13 dragon01 dragon99 dragon00 dragon21 dragon22 dragon23 dragon69 dragon77
dragon88 dragon007 dragon123! dragon2000 dragon2020 dragon2023 dragon2024 dragon2025 dragon1990 dragon1991 dragon1992
dragon1993 dragon1994 dragon1995 dragon1996 dragon1997 dragon1998 dragon1999 dragon2001 dragon2002 dragon2010
dragon2021 dragon2022 dragon2026 dragon@123 dragon@1234 dragon#1 dragon321 dragon111 dragon777 dragon666 dragondragon
123dragon 1234dragon shadow123456 shadow11 shadow13 shadow01 shadow99 shadow00 shadow21 shadow22 shadow23 shadow69
shadow77 shadow88 shadow007 shadow123! shadow2000 shadow2020 shadow2023 shadow2024 shadow2025 shadow1990 shadow1991
shadow1992 shadow1993 shadow1994 shadow1995 shadow1996 shadow1997 shadow1998 shadow1999 shadow2001 shadow2002
shadow2010 shadow2021 shadow2022 shadow2026 shadow@123 shadow@1234 shadow#1 shadow321 shadow111 shadow777 shadow666
shadowshadow 123shadow 1234shadow master12 master123 master1234 master12345 master123456 master11 master13 master01
master99 master00 master21 master22 master23 master69 master77 master88 master007 master123! master2000 master2020
master2023 master2024 master2025 master1990 master1991 master1992 master1993 master1994 master1995 master1996
master1997 master1998 master1999 master2001 master2002 master2010 master2021 master2022 master2026 master@123
master@1234 master#1 master321 master111 master777 master666 mastermaster 123master 1234master sunshine123456
sunshine2 sunshine7 sunshine11 sunshine13 sunshine01 sunshine99 sunshine00 sunshine21 sunshine22 sunshine23 sunshine69
sunshine77 sunshine88 sunshine007 sunshine! sunshine123! sunshine2000 sunshine2020 sunshine2023 sunshine2024
sunshine2025 sunshine1990 sunshine1991 sunshine1992 sunshine1993 sunshine1994 sunshine1995 sunshine1996 sunshine1997
sunshine1998 sunshine1999 sunshine2001 sunshine2002 sunshine2010 sunshine2021 sunshine2022 sunshine2026 sunshine@123
sunshine@1234 sunshine#1 sunshine321 sunshine111 sunshine777 sunshine666 sunshinesunshine 123sunshine 1234sunshine
princess123456 princess2 princess7 princess11 princess13 princess01 princess99 princess00 princess21 princess22
princess23 princess69 princess77 princess88 princess007 princess! princess123! princess2000 princess2020 princess2023
princess2024 princess2025 princess1990 princess1991 princess1992 princess1993 princess1994 princess1995 princess1996
princess1997 princess1998 princess1999 princess2001 princess2002 princess2010 princess2021 princess2022 princess2026
princess@123 princess@1234 princess#1 princess321 princess111 princess777 princess666 princessprincess 123princess
1234princess football123456 football2 football7 football11 football13 football01 football99 football00 football21
football22 football23 football69 football77 football88 football007 football! football123! football2000 football2020
football2023 football2024 football2025 football1990 football1991 football1992 football1993 football1994 football1995
football1996 football1997 football1998 football1999 football2001 football2002 football2010 football2021 football2022
football2026 football@123 football@1234 football#1 football321 football111 football777 football666 footballfootball
123football 1234football baseball123456 baseball2 baseball7 baseball11 baseball13 baseball01 baseball99 baseball00
baseball21 baseball22 baseball23 baseball69 baseball77 baseball88 baseball007 baseball! baseball123! baseball2000
baseball2020 baseball2023 baseball2024 baseball2025 baseball1990 baseball1991 baseball1992 baseball1993 baseball1994
baseball1995 baseball1996 baseball1997 baseball1998 baseball1999 baseball2001 baseball2002 baseball2010 baseball2021
baseball2022 baseball2026 baseball@123 baseball@1234 baseball#1 baseball321 baseball111 baseball777 baseball666
baseballbaseball 123baseball 1234baseball superman123456 superman2 superman7 superman11 superman13 superman01
superman99 superman00 superman21 superman22 superman23 superman69 superman77 superman88 superman007 superman!
superman123! superman2000 superman2020 superman2023 superman2024 superman2025 superman1990 superman1991 superman1992
superman1993 superman1994 superman1995 superman1996 superman1997 superman1998 superman1999 superman2001 superman2002
superman2010 superman2021 superman2022 superman2026 superman@123 superman@1234 superman#1 superman321 superman111
superman777 superman666 supermansuperman 123superman 1234superman batman123456 batman11 batman13 batman01 batman99
batman00 batman21 batman22 batman23 batman69 batman77 batman88 batman007 batman123! batman2000 batman2020 batman2023
batman2024 batman2025 batman1990 batman1991 batman1992 batman1993 batman1994 batman1995 batman1996 batman1997
batman1998 batman1999 batman2001 batman2002 batman2010 batman2021 batman2022 batman2026 batman@123 batman@1234
batman#1 batman321 batman111 batman777 batman666 batmanbatman 123batman 1234batman soccer123456 soccer11 soccer13
soccer01 soccer99 soccer00 soccer21 soccer22 soccer23 soccer69 soccer77 soccer88 soccer007 soccer123! soccer2000
soccer2020 soccer2023 soccer2024 soccer2025 soccer1990 soccer1991 soccer1992 soccer1993 soccer1994 soccer1995
soccer1996 soccer1997 soccer1998 soccer1999 soccer2001 soccer2002 soccer2010 soccer2021 soccer2022 soccer2026
soccer@123 soccer@1234 soccer#1 soccer321 soccer111 soccer777 soccer666 soccersoccer 123soccer 1234soccer hockey123456
hockey11 hockey13 hockey01 hockey99 hockey00 hockey21 hockey22 hockey23 hockey69 hockey77 hockey88 hockey007
hockey123! hockey2000 hockey2020 hockey2023 hockey2024 hockey2025 hockey1990 hockey1991 hockey1992 hockey1993
hockey1994 hockey1995 hockey1996 hockey1997 hockey1998 hockey1999 hockey2001 hockey2002 hockey2010 hockey2021
hockey2022 hockey2026 hockey@123 hockey@1234 hockey#1 hockey321 hockey111 hockey777 hockey666 hockeyhockey 123hockey
1234hockey killer123456 killer11 killer13 killer01 killer99 killer00 killer21 killer22 killer23 killer69 killer77
killer88 killer007 killer123! killer2000 killer2020 killer2023 killer2024 killer2025 killer1990 killer1991 killer1992
killer1993 killer1994 killer1995 killer1996 killer1997 killer1998 killer1999 killer2001 killer2002 killer2010
killer2021 killer2022 killer2026 killer@123 killer@1234 killer#1 killer321 killer111 killer777 killer666 killerkiller
123killer 1234killer jordan12345 jordan123456 jordan11 jordan13 jordan01 jordan99 jordan00 jordan21 jordan22 jordan69
jordan77 jordan88 jordan007 jordan123! jordan2000 jordan2020 jordan2023 jordan2024 jordan2025 jordan1990 jordan1991
jordan1992 jordan1993 jordan1994 jordan1995 jordan1996 jordan1997 jordan1998 jordan1999 jordan2001 jordan2002
jordan2010 jordan2021 jordan2022 jordan2026 jordan@123 jordan@1234 jordan#1 jordan321 jordan111 jordan777 jordan666
jordanjordan 123jordan 1234jordan michael12345 michael123456 michael2 michael7 michael11 michael13 michael01 michael99
michael00 michael21 michael22 michael23 michael69 michael77 michael88 michael007 michael! michael123! michael2000
michael2020 michael2023 michael2024 michael2025 michael1990 michael1991 michael1992 michael1993 michael1994
michael1995 michael1996 michael1997 michael1998 michael1999 michael2001 michael2002 michael2010 michael2021
michael2022 michael2026 michael@123 michael@1234 michael#1 michael321 michael111 michael777 michael666 michaelmichael
123michael 1234michael charlie12345 charlie123456 charlie2 charlie7 charlie11 charlie13 charlie01 charlie99 charlie00
charlie21 charlie22 charlie23 charlie69 charlie77 charlie88 charlie007 charlie! charlie123! charlie2000 charlie2020
charlie2023 charlie2024 charlie2025 charlie1990 charlie1991 charlie1992 charlie1993 charlie1994 charlie1995
charlie1996 charlie1997 charlie1998 charlie1999 charlie2001 charlie2002 charlie2010 charlie2021 charlie2022
charlie2026 charlie@123 charlie@1234 charlie#1 charlie321 charlie111 charlie777 charlie666 charliecharlie 123charlie
1234charlie thomas12345 thomas123456 thomas11 thomas13 thomas01 thomas99 thomas00 thomas21 thomas22 thomas23 thomas69
thomas77 thomas88 thomas007 thomas123! thomas2000 thomas2020 thomas2023 thomas2024 thomas2025 thomas1990 thomas1991
thomas1992 thomas1993 thomas1994 thomas1995 thomas1996 thomas1997 thomas1998 thomas1999 thomas2001 thomas2002
thomas2010 thomas2021 thomas2022 thomas2026 thomas@123 thomas@1234 thomas#1 thomas321 thomas111 thomas777 thomas666
thomasthomas 123thomas 1234thomas summer11 summer13 summer01 summer99 summer00 summer21 summer22 summer23 summer77
summer88 summer007 summer2000 summer1990 summer1991 summer1992 summer1993 summer1994 summer1995 summer1996 summer1997
summer1998 summer1999 summer2001 summer2002 summer@1234 summer#1 summer321 summer111 summer777 summer666 summersummer
123summer 1234summer hunter12 hunter123 hunter1234 hunter12345 hunter123456 hunter11 hunter13 hunter01 hunter99
hunter00 hunter21 hunter22 hunter23 hunter69 hunter77 hunter88 hunter007 hunter123! hunter2000 hunter2020 hunter2023
hunter2024 hunter2025 hunter1990 hunter1991 hunter1992 hunter1993 hunter1994 hunter1995 hunter1996 hunter1997
hunter1998 hunter1999 hunter2001 hunter2002 hunter2010 hunter2021 hunter2022 hunter2026 hunter@123 hunter@1234
hunter#1 hunter321 hunter111 hunter777 hunter666 hunterhunter 123hunter 1234hunter buster123456 buster11 buster13
buster01 buster99 buster00 buster21 buster22 buster23 buster69 buster77 buster88 buster007 buster123! buster2000
buster2020 buster2023 buster2024 buster2025 buster1990 buster1991 buster1992 buster1993 buster1994 buster1995
buster1996 buster1997 buster1998 buster1999 buster2001 buster2002 buster2010 buster2021 buster2022 buster2026
buster@123 buster@1234 buster#1 buster321 buster111 buster777 buster666 busterbuster 123buster 1234buster tigger123456
tigger11 tigger13 tigger01 tigger99 tigger00 tigger21 tigger22 tigger23 tigger69 tigger77 tigger88 tigger007
tigger123! tigger2000 tigger2020 tigger2023 tigger2024 tigger2025 tigger1990 tigger1991 tigger1992 tigger1993
tigger1994 tigger1995 tigger1996 tigger1997 tigger1998 tigger1999 tigger2001 tigger2002 tigger2010 tigger2021
tigger2022 tigger2026 tigger@123 tigger@1234 tigger#1 tigger321 tigger111 tigger777 tigger666 tiggertigger 123tigger
1234tigger pepper123456 pepper11 pepper13 pepper01 pepper99 pepper00 pepper21 pepper22 pepper23 pepper69 pepper77
pepper88 pepper007 pepper123! pepper2000 pepper2020 pepper2023 pepper2024 pepper2025 pepper1990 pepper1991 pepper1992
pepper1993 pepper1994 pepper1995 pepper1996 pepper1997 pepper1998 pepper1999 pepper2001 pepper2002 pepper2010
pepper2021 pepper2022 pepper2026 pepper@123 pepper@1234 pepper#1 pepper321 pepper111 pepper777 pepper666 pepperpepper
123pepper 1234pepper ginger123456 ginger11 ginger13 ginger01 ginger99 ginger00 ginger21 ginger22 ginger23 ginger69
ginger77 ginger88 ginger007 ginger123! ginger2000 ginger2020 ginger2023 ginger2024 ginger2025 ginger1990 ginger1991
ginger1992 ginger1993 ginger1994 ginger1995 ginger1996 ginger1997 ginger1998 ginger1999 ginger2001 ginger2002
ginger2010 ginger2021 ginger2022 ginger2026 ginger@123 ginger@1234 ginger#1 ginger321 ginger111 ginger777 ginger666
gingerginger 123ginger 1234ginger secret123456 secret11 secret13 secret01 secret99 secret00 secret21 secret22 secret23
secret69 secret77 secret88 secret007 secret2000 secret2020 secret2023 secret2024 secret2025 secret1990 secret1991
secret1992 secret1993 secret1994 secret1995 secret1996 secret1997 secret1998 secret1999 secret2001 secret2002
secret2010 secret2021 secret2022 secret2026 secret@123 secret@1234 secret#1 secret321 secret111 secret777 secret666
123secret 1234secret computer123456 computer2 computer7 computer11 computer13 computer01 computer99 computer00
computer21 computer22 computer23 computer69 computer77 computer88 computer007 computer! computer123! computer2000
computer2020 computer2023 computer2024 computer2025 computer1990 computer1991 computer1992 computer1993 computer1994
computer1995 computer1996 computer1997 computer1998 computer1999 computer2001 computer2002 computer2010 computer2021
computer2022 computer2026 computer@123 computer@1234 computer#1 computer321 computer111 computer777 computer666
computercomputer 123computer 1234computer internet123456 internet2 internet7 internet11 internet13 internet01
internet99 internet00 internet21 internet22 internet23 internet69 internet77 internet88 internet007 internet!
internet123! internet2000 internet2020 internet2023 internet2024 internet2025 internet1990 internet1991 internet1992
internet1993 internet1994 internet1995 internet1996 internet1997 internet1998 internet1999 internet2001 internet2002
internet2010 internet2021 internet2022 internet2026 internet@123 internet@1234 internet#1 internet321 internet111
internet777 internet666 internetinternet 123internet 1234internet freedom123456 freedom2 freedom7 freedom11 freedom13
freedom01 freedom99 freedom00 freedom21 freedom22 freedom23 freedom69 freedom77 freedom88 freedom007 freedom!
freedom123! freedom2000 freedom2020 freedom2023 freedom2024 freedom2025 freedom1990 freedom1991 freedom1992
freedom1993 freedom1994 freedom1995 freedom1996 freedom1997 freedom1998 freedom1999 freedom2001 freedom2002
freedom2010 freedom2021 freedom2022 freedom2026 freedom@123 freedom@1234 freedom#1 freedom321 freedom111 freedom777
freedom666 freedomfreedom 123freedom 1234freedom whatever123456 whatever2 whatever7 whatever11 whatever13 whatever01
whatever99 whatever00 whatever21 whatever22 whatever23 whatever69 whatever77 whatever88 whatever007 whatever123!
whatever2000 whatever2020 whatever2023 whatever2024 whatever2025 whatever1990 whatever1991 whatever1992 whatever1993
whatever1994 whatever1995 whatever1996 whatever1997 whatever1998 whatever1999 whatever2001 whatever2002 whatever2010
whatever2021 whatever2022 whatever2026 whatever@123 whatever@1234 whatever#1 whatever321 whatever111 whatever777
whatever666 whateverwhatever 123whatever 1234whatever starwars123456 starwars2 starwars7 starwars11 starwars13
starwars01 starwars99 starwars00 starwars21 starwars22 starwars23 starwars69 starwars77 starwars88 starwars007
starwars! starwars123! starwars2000 starwars2020 starwars2023 starwars2024 starwars2025 starwars1990 starwars1991
starwars1992 starwars1993 starwars1994 starwars1995 starwars1996 starwars1997 starwars1998 starwars1999 starwars2001
starwars2002 starwars2010 starwars2021 starwars2022 starwars2026 starwars@123 starwars@1234 starwars#1 starwars321
starwars111 starwars777 starwars666 starwarsstarwars 123starwars 1234starwars pokemon123456 pokemon2 pokemon7
pokemon11 pokemon13 pokemon01 pokemon99 pokemon00 pokemon21 pokemon22 pokemon23 pokemon69 pokemon77 pokemon88
pokemon007 pokemon! pokemon123! pokemon2000 pokemon2020 pokemon2023 pokemon2024 pokemon2025 pokemon1990 pokemon1991
pokemon1992 pokemon1993 pokemon1994 pokemon1995 pokemon1996 pokemon1997 pokemon1998 pokemon1999 pokemon2001
pokemon2002 pokemon2010 pokemon2021 pokemon2022 pokemon2026 pokemon@123 pokemon@1234 pokemon#1 pokemon321 pokemon111
pokemon777 pokemon666 pokemonpokemon 123pokemon 1234pokemon naruto123456 naruto11 naruto13 naruto01 naruto99 naruto00
naruto21 naruto22 naruto23 naruto69 naruto77 naruto88 naruto007 naruto123! naruto2000 naruto2020 naruto2023 naruto2024
naruto2025 naruto1990 naruto1991 naruto1992 naruto1993 naruto1994 naruto1995 naruto1996 naruto1997 naruto1998
naruto1999 naruto2001 naruto2002 naruto2010 naruto2021 naruto2022 naruto2026 naruto@123 naruto@1234 naruto#1 naruto321
naruto111 naruto777 naruto666 narutonaruto 123naruto 1234naruto cookie123456 cookie11 cookie13 cookie01 cookie99
cookie00 cookie21 cookie22 cookie23 cookie69 cookie77 cookie88 cookie007 cookie123! cookie2000 cookie2020 cookie2023
cookie2024 cookie2025 cookie1990 cookie1991 cookie1992 cookie1993 cookie1994 cookie1995 cookie1996 cookie1997
cookie1998 cookie1999 cookie2001 cookie2002 cookie2010 cookie2021 cookie2022 cookie2026 cookie@123 cookie@1234
cookie#1 cookie321 cookie111 cookie777 cookie666 cookiecookie 123cookie 1234cookie banana123456 banana11 banana13
banana01 banana99 banana00 banana21 banana22 banana23 banana69 banana77 banana88 banana007 banana123! banana2000
banana2020 banana2023 banana2024 banana2025 banana1990 banana1991 banana1992 banana1993 banana1994 banana1995
banana1996 banana1997 banana1998 banana1999 banana2001 banana2002 banana2010 banana2021 banana2022 banana2026
banana@123 banana@1234 banana#1 banana321 banana111 banana777 banana666 bananabanana 123banana 1234banana flower123456
flower11 flower13 flower01 flower99 flower00 flower21 flower22 flower23 flower69 flower77 flower88 flower007
flower123! flower2000 flower2020 flower2023 flower2024 flower2025 flower1990 flower1991 flower1992 flower1993
flower1994 flower1995 flower1996 flower1997 flower1998 flower1999 flower2001 flower2002 flower2010 flower2021
flower2022 flower2026 flower@123 flower@1234 flower#1 flower321 flower111 flower777 flower666 flowerflower 123flower
1234flower angel1234 angel12345 angel123456 angel007 angel123! angel2000 angel2020 angel2023 angel2024 angel2025
angel1990 angel1991 angel1992 angel1993 angel1994 angel1995 angel1996 angel1997 angel1998 angel1999 angel2001
angel2002 angel2010 angel2021 angel2022 angel2026 angel@123 angel@1234 angel321 angel111 angel777 angel666 angelangel
123angel 1234angel love123! love2000 love2020 love2023 love2024 love2025 love1990 love1991 love1992 love1993 love1994
love1995 love1996 love1997 love1998 love1999 love2001 love2002 love2010 love2021 love2022 love2026 love@123 love@1234
1234love lucky1234 lucky12345 lucky123456 lucky007 lucky123! lucky2000 lucky2020 lucky2023 lucky2024 lucky2025
lucky1990 lucky1991 lucky1992 lucky1993 lucky1994 lucky1995 lucky1996 lucky1997 lucky1998 lucky1999 lucky2001
lucky2002 lucky2010 lucky2021 lucky2022 lucky2026 lucky@123 lucky@1234 lucky321 lucky111 lucky666 luckylucky 123lucky
1234lucky happy1234 happy12345 happy123456 happy007 happy123! happy2000 happy2020 happy2023 happy2024 happy2025
happy1990 happy1991 happy1992 happy1993 happy1994 happy1995 happy1996 happy1997 happy1998 happy1999 happy2001
happy2002 happy2010 happy2021 happy2022 happy2026 happy@123 happy@1234 happy321 happy111 happy777 happy666 happyhappy
123happy 1234happy hello123456 hello007 hello2000 hello2020 hello2023 hello2024 hello2025 hello1990 hello1991
hello1992 hello1993 hello1994 hello1995 hello1996 hello1997 hello1998 hello1999 hello2001 hello2002 hello2010
hello2021 hello2022 hello2026 hello@123 hello@1234 hello321 hello111 hello777 hello666 123hello 1234hello test2000
test2020 test2023 test2024 test2025 test1990 test1991 test1992 test1993 test1994 test1995 test1996 test1997 test1998
test1999 test2001 test2002 test2010 test2021 test2022 test2026 1234test user123! user2000 user2020 user2023 user2024
user2025 user1990 user1991 user1992 user1993 user1994 user1995 user1996 user1997 user1998 user1999 user2001 user2002
user2010 user2021 user2022 user2026 user@123 user@1234 1234user guest123456 guest007 guest123! guest2000 guest2020
guest2023 guest2024 guest2025 guest1990 guest1991 guest1992 guest1993 guest1994 guest1995 guest1996 guest1997
guest1998 guest1999 guest2001 guest2002 guest2010 guest2021 guest2022 guest2026 guest@123 guest@1234 guest321 guest111
guest777 guest666 123guest 1234guest root123! root2000 root2020 root2023 root2024 root2025 root1990 root1991 root1992
root1993 root1994 root1995 root1996 root1997 root1998 root1999 root2001 root2002 root2010 root2021 root2022 root2026
root@123 root@1234 1234root pass123! pass2000 pass2020 pass2023 pass2024 pass2025 pass1990 pass1991 pass1992 pass1993
pass1994 pass1995 pass1996 pass1997 pass1998 pass1999 pass2001 pass2002 pass2010 pass2021 pass2022 pass2026 1234pass
login123 login1234 login12345 login123456 login007 login123! login2000 login2020 login2023 login2024 login2025
login1990 login1991 login1992 login1993 login1994 login1995 login1996 login1997 login1998 login1999 login2001
login2002 login2010 login2021 login2022 login2026 login@123 login@1234 login321 login111 login777 login666 loginlogin
123login 1234login access12 access123 access1234 access12345 access123456 access11 access13 access01 access99 access00
access21 access22 access23 access69 access77 access88 access007 access123! access2000 access2020 access2023 access2024
access2025 access1990 access1991 access1992 access1993 access1994 access1995 access1996 access1997 access1998
access1999 access2001 access2002 access2010 access2021 access2022 access2026 access@123 access@1234 access#1 access321
access111 access777 access666 accessaccess 123access 1234access changeme12345 changeme123456 changeme7 changeme11
changeme13 changeme01 changeme99 changeme00 changeme21 changeme22 changeme23 changeme69 changeme77 changeme88
changeme007 changeme2000 changeme2020 changeme2023 changeme2024 changeme2025 changeme1990 changeme1991 changeme1992
changeme1993 changeme1994 changeme1995 changeme1996 changeme1997 changeme1998 changeme1999 changeme2001 changeme2002
changeme2010 changeme2021 changeme2022 changeme2026 changeme@123 changeme@1234 changeme#1 changeme321 changeme111
changeme777 changeme666 changemechangeme 123changeme 1234changeme default12 default1234 default12345 default123456
default2 default7 default11 default13 default01 default99 default00 default21 default22 default23 default69 default77
default88 default007 default! default123! default2000 default2020 default2023 default2024 default2025 default1990
default1991 default1992 default1993 default1994 default1995 default1996 default1997 default1998 default1999
default2001 default2002 default2010 default2021 default2022 default2026 default@123 default@1234 default#1 default321
default111 default777 default666 defaultdefault 123default 1234default temp123456 temp123! temp2000 temp2020 temp2023
temp2024 temp2025 temp1990 temp1991 temp1992 temp1993 temp1994 temp1995 temp1996 temp1997 temp1998 temp1999 temp2001
temp2002 temp2010 temp2021 temp2022 temp2026 temp@123 temp@1234 temptemp 1234temp demo123456 demo123! demo2000
demo2020 demo2023 demo2024 demo2025 demo1990 demo1991 demo1992 demo1993 demo1994 demo1995 demo1996 demo1997 demo1998
demo1999 demo2001 demo2002 demo2010 demo2021 demo2022 demo2026 demo@123 demo@1234 1234demo system12 system12345
system123456 system11 system13 system01 system99 system00 system21 system22 system23 system69 system77 system88
system007 system123! system2000 system2020 system2023 system2024 system2025 system1990 system1991 system1992
system1993 system1994 system1995 system1996 system1997 system1998 system1999 system2001 system2002 system2010
system2021 system2022 system2026 system@123 system@1234 system#1 system321 system111 system777 system666 systemsystem
123system 1234system server12 server12345 server123456 server11 server13 server01 server99 server00 server21 server22
server23 server69 server77 server88 server007 server123! server2000 server2020 server2023 server2024 server2025
server1990 server1991 server1992 server1993 server1994 server1995 server1996 server1997 server1998 server1999
server2001 server2002 server2010 server2021 server2022 server2026 server@123 server@1234 server#1 server321 server111
server777 server666 serverserver 123server 1234server manager12 manager12345 manager123456 manager2 manager7 manager11
manager13 manager01 manager99 manager00 manager21 manager22 manager23 manager69 manager77 manager88 manager007
manager! manager123! manager2000 manager2020 manager2023 manager2024 manager2025 manager1990 manager1991 manager1992
manager1993 manager1994 manager1995 manager1996 manager1997 manager1998 manager1999 manager2001 manager2002
manager2010 manager2021 manager2022 manager2026 manager@123 manager@1234 manager#1 manager321 manager111 manager777
manager666 managermanager 123manager 1234manager support12 support12345 support123456 support2 support7 support11
support13 support01 support99 support00 support21 support22 support23 support69 support77 support88 support007
support! support123! support2000 support2020 support2023 support2024 support2025 support1990 support1991 support1992
support1993 support1994 support1995 support1996 support1997 support1998 support1999 support2001 support2002
support2010 support2021 support2022 support2026 support@123 support@1234 support#1 support321 support111 support777
support666 supportsupport 123support 1234support mustang123456 mustang2 mustang7 mustang11 mustang13 mustang01
mustang99 mustang00 mustang21 mustang22 mustang23 mustang69 mustang77 mustang88 mustang007 mustang! mustang123!
mustang2000 mustang2020 mustang2023 mustang2024 mustang2025 mustang1990 mustang1991 mustang1992 mustang1993
mustang1994 mustang1995 mustang1996 mustang1997 mustang1998 mustang1999 mustang2001 mustang2002 mustang2010
mustang2021 mustang2022 mustang2026 mustang@123 mustang@1234 mustang#1 mustang321 mustang111 mustang777 mustang666
mustangmustang 123mustang 1234mustang ferrari123456 ferrari2 ferrari7 ferrari13 ferrari01 ferrari99 ferrari00
ferrari21 ferrari22 ferrari23 ferrari69 ferrari77 ferrari88 ferrari007 ferrari! ferrari123! ferrari2000 ferrari2020
ferrari2023 ferrari2024 ferrari2025 ferrari1990 ferrari1991 ferrari1992 ferrari1993 ferrari1994 ferrari1995
ferrari1996 ferrari1997 ferrari1998 ferrari1999 ferrari2001 ferrari2002 ferrari2010 ferrari2021 ferrari2022
ferrari2026 ferrari@123 ferrari@1234 ferrari#1 ferrari321 ferrari111 ferrari777 ferrari666 ferrariferrari 123ferrari
1234ferrari yankees123456 yankees2 yankees7 yankees11 yankees13 yankees01 yankees99 yankees00 yankees21 yankees22
yankees23 yankees69 yankees77 yankees88 yankees007 yankees! yankees123! yankees2000 yankees2020 yankees2023
yankees2024 yankees2025 yankees1990 yankees1991 yankees1992 yankees1993 yankees1994 yankees1995 yankees1996
yankees1997 yankees1998 yankees1999 yankees2001 yankees2002 yankees2010 yankees2021 yankees2022 yankees2026
yankees@123 yankees@1234 yankees#1 yankees321 yankees111 yankees777 yankees666 yankeesyankees 123yankees 1234yankees
lakers123456 lakers11 lakers13 lakers01 lakers99 lakers00 lakers21 lakers22 lakers23 lakers69 lakers77 lakers88
lakers007 lakers123! lakers2000 lakers2020 lakers2023 lakers2024 lakers2025 lakers1990 lakers1991 lakers1992
lakers1993 lakers1994 lakers1995 lakers1996 lakers1997 lakers1998 lakers1999 lakers2001 lakers2002 lakers2010
lakers2021 lakers2022 lakers2026 lakers@123 lakers@1234 lakers#1 lakers321 lakers111 lakers777 lakers666 lakerslakers
123lakers 1234lakers chelsea123456 chelsea2 chelsea7 chelsea11 chelsea13 chelsea01 chelsea99 chelsea00 chelsea21
chelsea22 chelsea23 chelsea69 chelsea77 chelsea88 chelsea007 chelsea! chelsea123! chelsea2000 chelsea2020 chelsea2023
chelsea2024 chelsea2025 chelsea1990 chelsea1991 chelsea1992 chelsea1993 chelsea1994 chelsea1995 chelsea1996
chelsea1997 chelsea1998 chelsea1999 chelsea2001 chelsea2002 chelsea2010 chelsea2021 chelsea2022 chelsea2026
chelsea@123 chelsea@1234 chelsea#1 chelsea321 chelsea111 chelsea777 chelsea666 chelseachelsea 123chelsea 1234chelsea
arsenal123456 arsenal2 arsenal7 arsenal11 arsenal13 arsenal01 arsenal99 arsenal00 arsenal21 arsenal22 arsenal23
arsenal69 arsenal77 arsenal88 arsenal007 arsenal! arsenal123! arsenal2000 arsenal2020 arsenal2023 arsenal2024
arsenal2025 arsenal1990 arsenal1991 arsenal1992 arsenal1993 arsenal1994 arsenal1995 arsenal1996 arsenal1997
arsenal1998 arsenal1999 arsenal2001 arsenal2002 arsenal2010 arsenal2021 arsenal2022 arsenal2026 arsenal@123
arsenal@1234 arsenal#1 arsenal321 arsenal111 arsenal777 arsenal666 arsenalarsenal 123arsenal 1234arsenal
liverpool123456 liverpool2 liverpool7 liverpool11 liverpool13 liverpool01 liverpool99 liverpool00 liverpool21
liverpool22 liverpool23 liverpool69 liverpool77 liverpool88 liverpool007 liverpool! liverpool123! liverpool2000
liverpool2020 liverpool2023 liverpool2024 liverpool2025 liverpool1990 liverpool1991 liverpool1992 liverpool1993
liverpool1994 liverpool1995 liverpool1996 liverpool1997 liverpool1998 liverpool1999 liverpool2001 liverpool2002
liverpool2010 liverpool2021 liverpool2022 liverpool2026 liverpool@123 liverpool@1234 liverpool#1 liverpool321
liverpool111 liverpool777 liverpool666 liverpoolliverpool 123liverpool 1234liverpool barcelona123456 barcelona2
barcelona7 barcelona11 barcelona13 barcelona01 barcelona99 barcelona00 barcelona21 barcelona22 barcelona23 barcelona69
barcelona77 barcelona88 barcelona007 barcelona! barcelona123! barcelona2000 barcelona2020 barcelona2023 barcelona2024
barcelona2025 barcelona1990 barcelona1991 barcelona1992 barcelona1993 barcelona1994 barcelona1995 barcelona1996
barcelona1997 barcelona1998 barcelona1999 barcelona2001 barcelona2002 barcelona2010 barcelona2021 barcelona2022
barcelona2026 barcelona@123 barcelona@1234 barcelona#1 barcelona321 barcelona111 barcelona777 barcelona666
barcelonabarcelona 123barcelona 1234barcelona
`;

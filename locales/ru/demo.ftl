# The page of `botyard demo` where a person talks to both bots. Plain text.

demo-title = Botyard: демонстрация
demo-intro = Два бота двух партнёров на одной платформе. Выберите бота, отправьте /start и создайте картинку.
demo-bots = Боты
demo-as = Вы — { $name }
demo-user = пользователь
demo-admin = администратор бота
demo-input = Сообщение
demo-send = Отправить
demo-attach = Прикрепить файл
demo-commands = Команды
demo-empty = Здесь появится переписка. Начните с /start.
demo-panel = Открыть панель
demo-waiting = Бот печатает…
demo-offline = Нет связи с программой. Она запущена?

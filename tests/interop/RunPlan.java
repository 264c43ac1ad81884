// SPDX-License-Identifier: GPL-3.0-or-later
import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.security.AnyTypePermission;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

/** Debian 12's JMeter is older than its XStream, which refuses every type by default: this allows JMeter's own. */
public class RunPlan {
    public static void main(String[] arguments) throws Exception {
        org.apache.jmeter.util.JMeterUtils.setJMeterHome("/usr/share/jmeter");
        org.apache.jmeter.util.JMeterUtils.loadJMeterProperties("/usr/share/jmeter/bin/jmeter.properties");
        for (Field field : Class.forName("org.apache.jmeter.save.SaveService").getDeclaredFields())
            if (Modifier.isStatic(field.getModifiers()) && XStream.class.isAssignableFrom(field.getType())) {
                field.setAccessible(true);
                ((XStream) field.get(null)).addPermission(AnyTypePermission.ANY);
            }
        new org.apache.jmeter.JMeter().start(arguments);
    }
}
